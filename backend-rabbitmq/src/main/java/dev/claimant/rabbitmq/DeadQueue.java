package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.claimant.rabbitmq.DeadLetters.DeadLetter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One pass over a dead-letter queue: as many messages as there were when it began, which a consumer brings. Used by one thread. */
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

    /** Bodies may be large: no more of them come ahead of what is taken, and no more are removed together. */
    static final int BATCH = 200;

    /** Messages were there when the pass began; what has not come by then was taken by another pass. */
    private static final long COMES_WITHIN_MILLIS = 3_000;

    private final Channel channel;
    private final String queue;
    private final long there;
    private final BlockingQueue<GetResponse> arrived = new LinkedBlockingQueue<>();
    private final List<String> consumers = new ArrayList<>();

    /** How many may be here and not removed before the broker sends no more. */
    private long credit;

    private long taken;
    private long removed;

    DeadQueue(Channel channel, String queue) throws IOException {
        this.channel = channel;
        this.queue = queue;
        there = channel.messageCount(queue);
    }

    /** The next one; nothing when the pass is over, or this many were taken. */
    @Nullable Taken next(long most) throws IOException, InterruptedException {
        long left = Math.min(there, most) - taken;
        if (left <= 0) {
            return null;
        }
        if (taken - removed == credit) {
            consume((int) Math.min(left, BATCH));
        }
        GetResponse message = arrived.poll(COMES_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        if (message == null) {
            return null;
        }
        taken++;
        return new Taken(message, letter(message));
    }

    /** What is taken and left keeps its place and uses up the credit of one consumer: the next one has more. */
    private void consume(int more) throws IOException {
        channel.basicQos(more, false);
        consumers.add(channel.basicConsume(
                queue,
                false,
                (tag, message) -> arrived.add(
                        new GetResponse(message.getEnvelope(), message.getProperties(), message.getBody(), 0)),
                tag -> {}));
        credit += more;
    }

    /** These were taken in this order. Returns when the broker has heard it. */
    void remove(List<Taken> some) throws IOException {
        if (some.isEmpty()) {
            return;
        }
        if (taken - removed == some.size()) {
            channel.basicAck(some.get(some.size() - 1).tag(), true);
        } else {
            removeOneByOne(some);
        }
        removed += some.size();
        channel.messageCount(queue);
        LockSupport.parkNanos(SETTLED_NANOS);
    }

    private void removeOneByOne(List<Taken> some) throws IOException {
        for (int i = 0; i < some.size(); i++) {
            channel.basicAck(some.get(i).tag(), false);
            if (i % QUICK_ACKS == QUICK_ACKS - 1) {
                channel.messageCount(queue);
            }
        }
    }

    /** All that came and was not removed, in its order. A quorum queue has it back a moment later: the next pass should see it. */
    void giveBack() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        for (String consumer : consumers) {
            channel.basicCancel(consumer);
        }
        long left = taken - removed + arrived.size();
        if (left == 0) {
            return;
        }
        channel.basicNack(0, true, true);
        long giveUp = System.nanoTime() + BACK_WITHIN_NANOS;
        while (channel.messageCount(queue) < left && System.nanoTime() - giveUp < 0) {
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
