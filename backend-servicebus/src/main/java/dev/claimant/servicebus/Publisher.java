package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import dev.claimant.SourceException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Schedules copies of messages for their next attempts (ADR 0057). Thread-safe. */
final class Publisher {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final ServiceBusConfig config;
    private final Connections connections;

    Publisher(ServiceBusConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
    }

    private ServiceBusSenderAsyncClient sender() {
        return connections.now().copies();
    }

    /** Adds to the problems if nobody may send here; the link for sending is open then. */
    void check(List<String> problems) {
        try {
            Answers.await(
                    sender().createMessageBatch(), "opening a link to send", config.entity, config.requestTimeout);
        } catch (SourceException e) {
            Throwable cause = e.getCause();
            if (cause == null || !ServiceBusErrors.isRefusal(cause)) {
                throw e;
            }
            problems.add("scheduledRetries: the right Send on '" + config.entity + "' is missing: "
                    + ServiceBusErrors.describe(cause));
        }
    }

    /**
     * Schedules the copy, and completes the message when the service has the copy. One that is too large with our properties in it goes back at
     * once instead.
     */
    Mono<Void> retry(ServiceBusClaim claim, Duration delay, ServiceBusReceiverAsyncClient receiver) {
        return copied(claim, delay)
                .then(Mono.defer(() -> receiver.complete(claim.received())))
                .onErrorResume(Publisher::isTooLarge, failure -> {
                    LOG.warn(
                            "{} of '{}' is too large to be copied for its retry, and comes back without its delay",
                            claim,
                            config.entity);
                    return receiver.abandon(claim.received());
                });
    }

    private Mono<Long> copied(ServiceBusClaim claim, Duration delay) {
        return Mono.defer(() -> {
            Long before = claim.copy();
            if (before != null) {
                return Mono.just(before); // only the completion is missing
            }
            // The service compares with its own clock, which may differ from ours.
            OffsetDateTime now = claim.serviceTime(System.nanoTime());
            OffsetDateTime due = (now == null ? OffsetDateTime.now(ZoneOffset.UTC) : now).plus(delay);
            return sender().scheduleMessage(Copies.later(claim), due).doOnNext(claim::isCopied);
        });
    }

    private static boolean isTooLarge(Throwable failure) {
        return ServiceBusErrors.cause(failure) instanceof ServiceBusException refused
                && ServiceBusFailureReason.MESSAGE_SIZE_EXCEEDED.equals(refused.getReason());
    }

    /** Takes a copy back whose message somebody else has. Best effort: it may be due already. */
    void takeBack(ServiceBusClaim claim) {
        Long copy = claim.copy();
        if (copy != null) {
            sender().cancelScheduledMessage(copy)
                    .timeout(config.requestTimeout)
                    .subscribe(
                            done -> {}, failure -> LOG.debug("the copy of {} could not be taken back", claim, failure));
        }
    }
}
