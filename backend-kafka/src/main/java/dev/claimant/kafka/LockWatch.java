package dev.claimant.kafka;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the worker what the group decides about our partitions. The client calls it within polls, on the polling thread. */
final class LockWatch implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(LockWatch.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Consumer<byte[], byte[]> consumer;
    private final GroupBuffer buffer;
    private final Events events;
    private final Duration finishWithin;
    private final LongConsumer serve;
    private volatile boolean closing;

    /**
     * For one membership.
     *
     * @param finishWithin how long handlers may go on when their partition is to be taken away
     * @param serve waits this many nanoseconds at most for settlements, and commits
     */
    LockWatch(
            Consumer<byte[], byte[]> consumer,
            GroupBuffer buffer,
            Events events,
            Duration finishWithin,
            LongConsumer serve) {
        this.consumer = consumer;
        this.buffer = buffer;
        this.events = events;
        this.finishWithin = finishWithin;
        this.serve = serve;
    }

    /** The worker is at its end: it is told nothing any more. */
    void close() {
        closing = true;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        ClientCalls.whileAssigned(() -> consumer.pause(partitions));
        consumer.wakeup(); // ends this poll: the next turn takes them up
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        List<Claim> claims = buffer.withdraw(partitions);
        try {
            if (!claims.isEmpty() && !closing) {
                letFinish(partitions, claims);
            }
            buffer.letGo(partitions);
            serve.accept(0);
        } catch (RuntimeException e) {
            log.warn("The progress in {} could not be committed before they were given up.", partitions, e);
        }
        onPartitionsLost(partitions);
    }

    /**
     * The group waits until we return, the worker until its claims are settled, and its settlements for this thread: so the worker is
     * told on another thread, and all settlements, of whatever thread and partition, are served here meanwhile. Not for long: what is not
     * done by then is let go, or one slow handler would hold up all partitions of this worker, and the next owner of these.
     */
    private void letFinish(Collection<TopicPartition> partitions, List<Claim> claims) {
        long deadline = System.nanoTime() + finishWithin.toNanos();
        CompletableFuture<Void> told = new CompletableFuture<>();
        Thread teller = new Thread(
                () -> {
                    try {
                        events.endangered(claims, finishWithin);
                    } finally {
                        told.complete(null);
                    }
                },
                "claimant-kafka-endangered");
        teller.setDaemon(true);
        teller.start();
        while (!closing && !told.isDone() && System.nanoTime() < deadline && !buffer.holdNothing(partitions)) {
            serve.accept(LOOK_NANOS);
        }
        serve.accept(0);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        List<Claim> claims = buffer.remove(partitions);
        if (!claims.isEmpty() && !closing) {
            events.lost(claims);
        }
    }
}
