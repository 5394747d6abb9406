package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.claimant.Claim;
import dev.claimant.Message;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message of a RabbitMQ queue, with all that it was sent with. A handler of a {@link RabbitMqSource} may cast its claim to this.
 *
 * <p>{@link Message#headers()} holds the headers that are texts, numbers, truth values and times; tables, lists and bytes are only in
 * {@link #properties()}.
 */
public final class RabbitMqClaim extends Claim {

    private final Subscription subscription;
    private final Credit credit;
    private final Envelope envelope;
    private final BasicProperties delivered;
    private final int countedByBroker;
    private final long deliveredAt = System.nanoTime();

    /** Whether it is completed, which the broker may not have heard yet. Needs the subscription's lock. */
    boolean completed;

    /** Whether a settlement of this claim has been sent, or will be without anybody's doing. */
    volatile boolean settled;

    /** Our copy for a later attempt or for the dead letters, once it is on its way. */
    volatile @Nullable CompletableFuture<CopyFate> copy;

    /** How many queues have refused the copy. */
    volatile int detour;

    RabbitMqClaim(
            Message message,
            int attempt,
            int delivery,
            Subscription subscription,
            Credit credit,
            Envelope envelope,
            BasicProperties delivered,
            int countedByBroker) {
        super(message, attempt, delivery, 0, NO_EXPIRY, -1);
        this.subscription = subscription;
        this.credit = credit;
        this.envelope = envelope;
        this.delivered = delivered;
        this.countedByBroker = countedByBroker;
    }

    /**
     * The properties as the message was sent with them, after retries too: content type and encoding, correlation id, reply-to, priority,
     * type, app id, and the headers with their tables, lists and bytes. After a retry the user id is missing and the message is persistent.
     */
    public BasicProperties properties() {
        return SetAside.asSent(delivered);
    }

    /** The exchange that the message was sent to, after retries too; empty for the default exchange. */
    public String exchange() {
        return SetAside.exchange(delivered, envelope);
    }

    /** The routing key that the message was sent with, after retries too. */
    public String routingKey() {
        return SetAside.routingKey(delivered, envelope);
    }

    /** Whether the broker has handed this message, or this copy of it, out before. */
    public boolean isRedelivered() {
        return envelope.isRedeliver();
    }

    Subscription subscription() {
        return subscription;
    }

    Credit credit() {
        return credit;
    }

    /** Means nothing on any channel but its own. */
    long tag() {
        return envelope.getDeliveryTag();
    }

    /** A header of ours that its copy has, as text. */
    @Nullable String bookkeeping(String header) {
        return Messages.text(Messages.headers(delivered).get(header));
    }

    /** How many bytes its body has, where they are too many and were not read; negative where they were. */
    long leftOut() {
        return BodyLimit.leftOut(delivered);
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
