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
    private static final int QUICK_ACKS = 16;

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
        long last = some.get(some.size() - 1).tag();
        if (removed + some.size() == last) {
            channel.basicAck(last, true); // all others before it have been removed
        } else {
            for (int i = 0; i < some.size(); i++) {
                channel.basicAck(some.get(i).tag(), false);
                if (i % QUICK_ACKS == 0) {
                    channel.messageCount(queue);
                }
            }
        }
        removed += some.size();
        channel.messageCount(queue);
    }

    /** All that was taken and not removed, in its order. */
    void giveBack() throws IOException {
        if (taken > removed && channel.isOpen()) {
            channel.basicNack(0, true, true);
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
