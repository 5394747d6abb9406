package dev.claimant.spring;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.RunResult;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Locale;

/** Observes each run of a handler; a trace continues that of the message's sender. */
final class ObservationInterceptor implements Handler.Interceptor {

    private final String worker;
    private final ObservationRegistry registry;

    ObservationInterceptor(String worker, ObservationRegistry registry) {
        this.worker = worker;
        this.registry = registry;
    }

    @Override
    public void intercept(Claim claim, Handler handler) throws Exception {
        ReceiverContext<Claim> message = new ReceiverContext<>(
                (carrier, header) -> carrier.message().headers().get(header), Kind.CONSUMER);
        message.setCarrier(claim);
        Observation observation = Observation.createNotStarted("claimant.process", () -> message, registry)
                .contextualName("process " + worker)
                .lowCardinalityKeyValue("claimant.worker", worker)
                .highCardinalityKeyValue("messaging.message.id", claim.id())
                .highCardinalityKeyValue("claimant.attempt", Integer.toString(claim.attempt()))
                .start();
        Throwable thrown = null;
        try (Observation.Scope ignored = observation.openScope()) {
            handler.handle(claim);
        } catch (Throwable failure) {
            thrown = failure;
            throw failure;
        } finally {
            RunResult result = RunResult.of(claim, thrown);
            if (thrown != null && (result == RunResult.FAILED || result == RunResult.STOPPED)) {
                observation.error(Handler.unwrapped(thrown));
            }
            observation
                    .lowCardinalityKeyValue("claimant.outcome", result.name().toLowerCase(Locale.ROOT))
                    .stop();
        }
    }
}
