package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Hands back messages that nobody has claimed. Those of a link go by the management node: at a stop the link ends first, since what is handed
 * back would come again on its credit, and an answer on it would be lost.
 */
final class Returning {

    private static final Logger LOG = LoggerFactory.getLogger(Returning.class);

    private final ServiceBusConfig config;
    private final ConcurrentMap<Long, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Function<ServiceBusClaim, ServiceBusReceiverAsyncClient> receiver;

    private Returning(ServiceBusConfig config, Function<ServiceBusClaim, ServiceBusReceiverAsyncClient> receiver) {
        this.config = config;
        this.receiver = receiver;
    }

    /** For messages of a link, by a client that never has one and so asks the management node. */
    static Returning ofLinks(ServiceBusConfig config, Connections connections) {
        return new Returning(config, claim -> connections.now().looker());
    }

    /** For messages of sessions, which only the link that has the session may settle. */
    static Returning ofSessions(ServiceBusConfig config) {
        return new Returning(config, ServiceBusClaim::receiver);
    }

    void giveBack(ServiceBusClaim claim) {
        end(claim, receiver.apply(claim).abandon(claim.received()));
    }

    /** One that is nothing to this worker's subscription. */
    void complete(ServiceBusClaim claim) {
        end(claim, receiver.apply(claim).complete(claim.received()));
    }

    private void end(ServiceBusClaim claim, Mono<Void> operation) {
        CompletableFuture<Void> answer =
                operation.timeout(config.requestTimeout).toFuture();
        long number = numbers.incrementAndGet();
        underWay.put(number, answer);
        var unused = answer.whenComplete((nothing, failure) -> {
            underWay.remove(number);
            if (failure != null && !ServiceBusErrors.isLost(failure)) {
                LOG.warn(
                        "{} of {} could not be handed back and comes again when its lock ends: {}",
                        claim,
                        config.entity,
                        ServiceBusErrors.describe(failure));
            }
        });
    }

    /** Waits for what is under way, for so long at most. */
    void await(Duration within) {
        CompletableFuture<?>[] ends = underWay.values().stream()
                .map(end -> end.handle((result, failure) -> null))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "messages of {} could not be handed back in time and come again when their locks end",
                    config.entity);
        }
    }
}
