package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
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
    private final ServiceBusReceiverAsyncClient looker;
    private long heardAt = System.nanoTime();
    private int silentWithMessages;
    private @Nullable CompletableFuture<Boolean> underWay;

    LinkProbe(ServiceBusConfig config, ServiceBusReceiverAsyncClient looker) {
        this.config = config;
        this.looker = looker;
    }

    /** A message has arrived. */
    void heard() {
        heardAt = System.nanoTime();
        silentWithMessages = 0;
    }

    /** Whether nothing has arrived for this long. */
    boolean silentFor(Duration time) {
        return System.nanoTime() - heardAt >= time.toNanos();
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
        // From the first one: without a number the SDK goes on behind what it has seen last.
        CompletableFuture<Boolean> answer = looker.peekMessages(PEEKED, 0)
                .any(message -> message.getState() == ServiceBusMessageState.ACTIVE)
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
