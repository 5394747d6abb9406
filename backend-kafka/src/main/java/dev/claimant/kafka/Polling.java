package dev.claimant.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls, with the partitions paused whose messages nobody wants. Except {@link #wake}, on the polling thread only. */
final class Polling {

    private static final Logger log = LoggerFactory.getLogger(Polling.class);

    static final Duration POLL = Duration.ofMillis(250);

    /**
     * So long nothing is polled while as much is here as is wanted: a pause or its end is a round trip to the client's own thread, and what is
     * enough now is not in a millisecond. Not for longer, since the group's news comes with a poll.
     */
    private static final long ENOUGH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * So long nothing is polled because a partition has become full, which the next commit ends as a rule. Then it is paused: from then on the client asks
     * the broker for the others alone, and where those are empty, half a second may pass ({@code fetch.max.wait.ms}) before it asks for this one again.
     */
    private static final long BRIEFLY_FULL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Between polls that must not wait, because the client does not wait while it has messages of paused partitions (KAFKA-21084). */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The same where other partitions may bring something: from a fetch's round trip on, twice as long after each poll that brings nothing. */
    private static final long SHORTEST_REST = TimeUnit.MICROSECONDS.toNanos(100);

    private static final long LONGEST_HALF_REST = TimeUnit.MILLISECONDS.toNanos(5);

    private final Consumer<byte[], byte[]> consumer;
    private final GroupBuffer buffer;
    private final BooleanSupplier isAsked;
    private volatile boolean waitingInPoll;
    private long polledAt = System.nanoTime() - ENOUGH_NANOS;
    private long halfRest = SHORTEST_REST;

    /**
     * For one membership.
     *
     * @param isAsked whether another thread has a call
     */
    Polling(Consumer<byte[], byte[]> consumer, GroupBuffer buffer, BooleanSupplier isAsked) {
        this.consumer = consumer;
        this.buffer = buffer;
        this.isAsked = isAsked;
    }

    /** Any thread: ends the poll or the rest of the polling thread. */
    void wake(Thread polling) {
        if (waitingInPoll) {
            consumer.wakeup();
        } else {
            LockSupport.unpark(polling);
        }
    }

    /**
     * What has come; waits for something unless there is other work.
     *
     * @param mayServe whether a call that was asked for would be served by the next turn
     */
    ConsumerRecords<byte[], byte[]> poll(boolean mayServe) {
        long now = System.nanoTime();
        buffer.heldBack(now)
                .forEach(first -> log.warn(
                        "Message {} has held back its partition for {} s: as many messages beyond it as maxAhead or the broker's"
                                + " offset.metadata.max.bytes allows are claimed or done. No more of the partition are claimed until it is"
                                + " finished; look at its handler.",
                        first,
                        TimeUnit.NANOSECONDS.toSeconds(SpanWatch.WORTH_A_LINE_NANOS)));
        long left = Math.max(
                BRIEFLY_FULL_NANOS - buffer.fullNanos(now), buffer.hasEnough() ? polledAt + ENOUGH_NANOS - now : 0);
        if (mayServe && left > 0) {
            rest(left, mayServe);
            return ConsumerRecords.empty();
        }
        boolean somePaused = pauseWhatIsNotWanted();
        waitingInPoll = !somePaused;
        try {
            // What came before we could be woken is seen here.
            boolean awaited = mayServe && hasWork();
            waitingInPoll &= !awaited;
            ConsumerRecords<byte[], byte[]> messages = consumer.poll(waitingInPoll ? POLL : Duration.ZERO);
            waitingInPoll = false;
            polledAt = System.nanoTime();
            halfRest = messages.isEmpty() ? Math.min(LONGEST_HALF_REST, halfRest * 2) : SHORTEST_REST;
            if (somePaused && !awaited && messages.isEmpty()) {
                boolean allPaused =
                        consumer.paused().size() == consumer.assignment().size();
                rest(allPaused ? REST_NANOS : halfRest, mayServe);
            }
            return messages;
        } finally {
            waitingInPoll = false;
        }
    }

    private boolean hasWork() {
        return isAsked.getAsBoolean() || buffer.hasWork();
    }

    private void rest(long nanos, boolean mayServe) {
        if (!(mayServe && hasWork())) {
            LockSupport.parkNanos(nanos);
        }
    }

    /** Sets all pauses anew, since a rebalance may forget them; returns whether there are any. */
    private boolean pauseWhatIsNotWanted() {
        Set<TopicPartition> wanted = new HashSet<>(buffer.wanted());
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> toPause = new ArrayList<>();
        List<TopicPartition> toResume = new ArrayList<>();
        boolean somePaused = false;
        for (TopicPartition partition : consumer.assignment()) {
            boolean isWanted = wanted.contains(partition);
            somePaused |= !isWanted;
            if (isWanted == paused.contains(partition)) {
                (isWanted ? toResume : toPause).add(partition);
            }
        }
        ClientCalls.whileAssigned(() -> consumer.resume(toResume));
        ClientCalls.whileAssigned(() -> consumer.pause(toPause));
        return somePaused;
    }
}
