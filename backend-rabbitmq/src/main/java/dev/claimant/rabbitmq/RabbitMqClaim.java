package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.claimant.Claim;
import dev.claimant.Message;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message as one channel delivered it: its delivery tag means nothing on any other. */
final class RabbitMqClaim extends Claim {

    private final Subscription subscription;
    private final Credit credit;
    private final long tag;
    private final BasicProperties properties;
    private final int countedByBroker;
    private final long deliveredAt = System.nanoTime();

    /** Whether a settlement of this claim has been sent. */
    volatile boolean settled;

    /** Our copy for a later attempt or for the dead letters, once it is on its way. */
    volatile @Nullable CompletableFuture<Boolean> copy;

    RabbitMqClaim(
            Message message,
            int attempt,
            int delivery,
            Subscription subscription,
            Credit credit,
            long tag,
            BasicProperties properties,
            int countedByBroker) {
        super(message, attempt, delivery, 0, NO_EXPIRY, -1);
        this.subscription = subscription;
        this.credit = credit;
        this.tag = tag;
        this.properties = properties;
        this.countedByBroker = countedByBroker;
    }

    Subscription subscription() {
        return subscription;
    }

    Credit credit() {
        return credit;
    }

    long tag() {
        return tag;
    }

    /** As they were delivered. */
    BasicProperties properties() {
        return properties;
    }

    /** The attempt that the broker's own count stands for; less than {@link #attempt()} after a further attempt in this process. */
    int countedByBroker() {
        return countedByBroker;
    }

    /** On the clock of {@link System#nanoTime()}; the broker's consumer timeout runs from here. */
    long deliveredAt() {
        return deliveredAt;
    }
}
