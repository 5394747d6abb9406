package dev.claimant.servicebus;

import com.azure.messaging.servicebus.models.ServiceBusMessageState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Silence is not idleness: a receiving link that brings nothing may be broken without a word. After a while without a message the probe asks
 * Service Bus whether it is there, and whether there are messages. Used under the lock of the {@link DeliveryBuffer}.
 */
final class LinkProbe {

    /** Those that are deferred or scheduled may be the first ones. */
    private static final int PEEKED = 50;

    private final ServiceBusConfig config;
    private final Connections connections;
    private final Holding holding;
    private final Watchdog watchdog;
    private @Nullable ServiceBusConnection asked;
    private long askedAt;
    private long heardAt = System.nanoTime();
    private int silentWithMessages;
    private @Nullable CompletableFuture<Boolean> underWay;

    LinkProbe(ServiceBusConfig config, Connections connections, Holding holding, Watchdog watchdog) {
        this.config = config;
        this.connections = connections;
        this.holding = holding;
        this.watchdog = watchdog;
    }

    /** A message has arrived. */
    void heard() {
        heardAt = System.nanoTime();
        silentWithMessages = 0;
        watchdog.delivered();
    }

    /** A link was refused, or has ended; of the entity's state a new one says nothing else. */
    void linkFailed(@Nullable Throwable cause) {
        if (cause == null || !ServiceBusErrors.isAnswer(cause) || ServiceBusErrors.isDenied(cause)) {
            watchdog.linkFailed(cause == null ? new IllegalStateException("the link has ended") : cause);
        }
    }

    /** Whether nothing has arrived for this long. */
    boolean silentFor(Duration time) {
        return System.nanoTime() - heardAt >= time.toNanos();
    }

    /** Whether nothing has arrived since then. */
    boolean silentSince(long moment) {
        return heardAt - moment < 0;
    }

    /** How long until the next question. */
    long nanosLeft() {
        return Math.max(0, heardAt + config.silence.toNanos() - System.nanoTime());
    }

    /** Asks, if it is time and nothing is being asked; the step runs when there is an answer. */
    void askIfDue(Runnable whenAnswered) {
        if (underWay != null || nanosLeft() > 0) {
            return;
        }
        ServiceBusConnection connection = connections.now();
        asked = connection;
        askedAt = System.nanoTime();
        // From the first one: without a number the SDK goes on behind what it has seen last.
        CompletableFuture<Boolean> answer = connection
                .looker()
                .peekMessages(PEEKED, 0)
                .any(message -> message.getState() == ServiceBusMessageState.ACTIVE && !holding.has(Copies.id(message)))
                .timeout(config.requestTimeout)
                .toFuture();
        underWay = answer;
        var unused = answer.whenComplete((found, failure) -> whenAnswered.run());
    }

    boolean isAnswered() {
        return underWay != null && underWay.isDone();
    }

    /** Why Service Bus cannot be reached; absent where it can. Call it when {@link #isAnswered}. */
    @Nullable Throwable takeFailure() {
        CompletableFuture<Boolean> answer = underWay;
        underWay = null;
        if (answer == null) {
            return null;
        }
        Throwable failure = answer.handle((found, error) -> error).join();
        if (failure != null && asked != connections.now()) {
            return null; // it was left meanwhile; the next one is asked anew
        }
        if (failure == null) {
            watchdog.heard();
        } else {
            watchdog.heard(failure);
            watchdog.unanswered(askedAt);
        }
        if (failure == null) {
            heardAt = System.nanoTime();
            silentWithMessages += answer.join() ? 1 : 0;
        }
        return failure;
    }

    /**
     * Whether the link should be opened anew: there are messages, though perhaps with other workers, and none has come. Less and less often,
     * since a new link costs something.
     */
    boolean suspectsTheLink() {
        return silentWithMessages >= 2 && Integer.bitCount(silentWithMessages) == 1;
    }
}
