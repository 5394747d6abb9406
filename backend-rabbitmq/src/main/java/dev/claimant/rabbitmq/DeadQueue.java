package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.claimant.rabbitmq.DeadLetters.DeadLetter;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One pass over a dead-letter queue: as many messages as there were when it began. Used by one thread. */
final class DeadQueue {

    /** A message that was taken and may be removed or given back. */
    record Taken(GetResponse message, DeadLetter letter) {

        long tag() {
            return message.getEnvelope().getDeliveryTag();
        }
    }

    /** A quorum queue's own client in the broker puts further ones aside, and forgets them if the channel ends. */
    private static final int QUICK_ACKS = 8;

    /** Until it has sent on what it had put aside; nothing tells. What it forgets all the same stays a dead letter too. */
    private static final long SETTLED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long BACK_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Channel channel;
    private final String queue;
    private final long there;
    private long taken;
    private long removed;

    DeadQueue(Channel channel, String queue) throws IOException {
        this.channel = channel;
        this.queue = queue;
        there = channel.messageCount(queue);
    }

    /** The next one; nothing when the pass is over, or so many were taken. */
    @Nullable Taken next(long most) throws IOException {
        if (taken >= Math.min(there, most)) {
            return null;
        }
        GetResponse message = channel.basicGet(queue, false);
        if (message == null) {
            return null;
        }
        taken++;
        return new Taken(message, letter(message));
    }

    /** These were taken in this order. Returns when the broker has heard it. */
    void remove(List<Taken> some) throws IOException {
        if (some.isEmpty()) {
            return;
        }
        for (int i = 0; i < some.size(); i++) {
            channel.basicAck(some.get(i).tag(), false);
            if (i % QUICK_ACKS == QUICK_ACKS - 1) {
                channel.messageCount(queue);
            }
        }
        removed += some.size();
        channel.messageCount(queue);
        LockSupport.parkNanos(SETTLED_NANOS);
    }

    /** All that was taken and not removed, in its order. A quorum queue has it back a moment later: whoever looks next should see it. */
    void giveBack() throws IOException {
        if (taken == removed || !channel.isOpen()) {
            return;
        }
        channel.basicNack(0, true, true);
        long giveUp = System.nanoTime() + BACK_WITHIN_NANOS;
        while (channel.messageCount(queue) < taken - removed && System.nanoTime() - giveUp < 0) {
            LockSupport.parkNanos(BACK_WITHIN_NANOS / 200);
        }
    }

    private static DeadLetter letter(GetResponse message) {
        BasicProperties delivered = message.getProps();
        Map<String, Object> headers = Messages.headers(delivered);
        String reason = Messages.text(headers.get(Messages.REASON));
        BasicProperties asSent = SetAside.asSent(delivered);
        return new DeadLetter(
                id(message),
                Messages.key(delivered),
                reason != null ? reason : "given up by the broker: " + headers.get("x-first-death-reason"),
                Messages.text(headers.get(Messages.ERROR)),
                Messages.number(headers, Messages.ATTEMPT),
                Messages.enqueuedAt(delivered.getTimestamp()),
                deadAt(headers),
                SetAside.exchange(delivered, message.getEnvelope()),
                SetAside.routingKey(delivered, message.getEnvelope()),
                asSent,
                Messages.texts(Messages.headers(asSent)),
                message.getBody());
    }

    private static String id(GetResponse message) {
        String key = Messages.key(message.getProps());
        String ours = Messages.text(Messages.headers(message.getProps()).get(Messages.ID));
        return key != null ? key : ours != null ? ours : "body-" + UUID.nameUUIDFromBytes(message.getBody());
    }

    private static @Nullable Instant deadAt(Map<String, Object> headers) {
        if (headers.get(Messages.DEAD_AT) instanceof Date ours) {
            return ours.toInstant();
        }
        if (headers.get("x-death") instanceof List<?> deaths
                && !deaths.isEmpty()
                && deaths.get(0) instanceof Map<?, ?> last
                && last.get("time") instanceof Date date) {
            return date.toInstant();
        }
        return null;
    }
}
