package dev.claimant.kafka;

import dev.claimant.Settlement.DeadLetter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends copies of messages that are given up to the dead-letter topic. A copy that was not confirmed in time is not sent again while it
 * may still arrive: who asks again waits for the same one. Connects with the first copy. Thread-safe.
 */
final class Publisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private final Supplier<Producer<byte[], byte[]>> connect;
    private final String topic;
    private final Duration closeTimeout;
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    Publisher(Supplier<Producer<byte[], byte[]>> connect, String topic, Duration closeTimeout) {
        this.connect = connect;
        this.topic = topic;
        this.closeTimeout = closeTimeout;
    }

    /** Sends those that are not on their way; returns when all are answered or the deadline has passed. */
    void write(List<DeadLetter> letters, long deadline) throws InterruptedException {
        for (DeadLetter letter : letters) {
            KafkaClaim claim = (KafkaClaim) letter.claim();
            if (claim.copy() == null) {
                claim.copy(send(letter));
            }
        }
        for (DeadLetter letter : letters) {
            awaitCopy((KafkaClaim) letter.claim(), deadline);
        }
    }

    /** Whether the topic has it. */
    static boolean isWritten(KafkaClaim claim) {
        Future<?> copy = claim.copy();
        try {
            if (copy == null || !copy.isDone()) {
                return false;
            }
            copy.get();
            return true;
        } catch (InterruptedException | ExecutionException e) {
            return false;
        }
    }

    private @Nullable Future<?> send(DeadLetter letter) {
        try {
            return connected().send(Copies.dead(letter, topic));
        } catch (KafkaException e) {
            refused(letter.claim().id(), e);
            return null;
        }
    }

    private void awaitCopy(KafkaClaim claim, long deadline) throws InterruptedException {
        Future<?> copy = claim.copy();
        if (copy == null) {
            return;
        }
        try {
            copy.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // it may still arrive
        } catch (ExecutionException e) {
            claim.copy(null);
            refused(claim.id(), e.getCause() == null ? e : e.getCause());
        }
    }

    private void refused(String id, Throwable problem) {
        if (problem instanceof RecordTooLargeException) {
            log.error(
                    "Message {} cannot be copied to {}: with the reason in its headers it is larger than max.request.size of the"
                            + " producer (property of KafkaConfig) or max.message.bytes of the topic allows. It is held until one is raised.",
                    id,
                    topic,
                    problem);
        } else {
            log.warn("Message {} was not copied to {}; it is held and tried again.", id, topic, problem);
        }
    }

    private synchronized Producer<byte[], byte[]> connected() {
        if (closed) {
            throw new KafkaException("the source is closed");
        }
        if (producer == null) {
            producer = connect.get();
        }
        return producer;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (producer != null) {
            producer.close(closeTimeout);
        }
    }
}
