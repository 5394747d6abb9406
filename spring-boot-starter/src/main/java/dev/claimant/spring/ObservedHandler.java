package dev.claimant.spring;

import dev.claimant.AlreadyDone;
import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.RetryLater;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.time.Duration;

/** Observes each run of a handler; a trace continues that of the message's sender. */
final class ObservedHandler implements Handler {

    private final Handler handler;
    private final String worker;
    private final ObservationRegistry registry;

    ObservedHandler(Handler handler, String worker, ObservationRegistry registry) {
        this.handler = handler;
        this.worker = worker;
        this.registry = registry;
    }

    @Override
    public int batchSize() {
        return handler.batchSize();
    }

    @Override
    public Duration batchWait() {
        return handler.batchWait();
    }

    @Override
    public void handle(Claim claim) throws Exception {
        ReceiverContext<Claim> message = new ReceiverContext<>(
                (carrier, header) -> carrier.message().headers().get(header), Kind.CONSUMER);
        message.setCarrier(claim);
        Observation observation = Observation.createNotStarted("claimant.process", () -> message, registry)
                .contextualName("process " + worker)
                .lowCardinalityKeyValue("claimant.worker", worker)
                .highCardinalityKeyValue("messaging.message.id", claim.id())
                .highCardinalityKeyValue("claimant.attempt", Integer.toString(claim.attempt()))
                .start();
        String outcome = "failed";
        try (Observation.Scope ignored = observation.openScope()) {
            handler.handle(claim);
            outcome = claim.stopAsked() ? "stopped" : "completed";
        } catch (Throwable thrown) {
            Throwable failure = Handler.unwrapped(thrown);
            if (failure instanceof AlreadyDone) {
                outcome = "duplicate";
            } else if (failure instanceof RetryLater later && later.isUntried()) {
                outcome = "untried";
            } else {
                outcome = claim.stopAsked() ? "stopped" : "failed";
                observation.error(failure);
            }
            throw thrown;
        } finally {
            observation.lowCardinalityKeyValue("claimant.outcome", outcome).stop();
        }
    }
}
