package dev.claimant.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends copies of messages to other topics. A copy that was not confirmed in time is not sent again while it may still arrive: the repeated
 * settlement waits for the same one. Connects with the first copy. Thread-safe.
 */
final class Publisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private final Supplier<Producer<byte[], byte[]>> connect;
    private final Duration closeTimeout;
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    Publisher(Supplier<Producer<byte[], byte[]>> connect, Duration closeTimeout) {
        this.connect = connect;
        this.closeTimeout = closeTimeout;
    }

    /**
     * A message and its copy.
     *
     * @param record the copy, made from the number of partitions that the topic has
     */
    record Outgoing(KafkaClaim claim, String topic, IntFunction<ProducerRecord<byte[], byte[]>> record) {}

    /** Sends those that are not on their way; returns when all are answered or the deadline has passed. */
    void write(List<Outgoing> copies, long deadline) throws InterruptedException {
        for (Outgoing copy : copies) {
            KafkaClaim.Copy known = copy.claim().copy();
            if (known == null || !known.topic().equals(copy.topic()) || known.isTooLarge()) {
                copy.claim().copy(send(copy));
            }
        }
        for (Outgoing copy : copies) {
            awaitCopy(copy.claim(), deadline);
        }
    }

    private KafkaClaim.@Nullable Copy send(Outgoing copy) {
        try {
            Producer<byte[], byte[]> connected = connected();
            int partitions = connected.partitionsFor(copy.topic()).size();
            Future<?> sent = connected.send(copy.record().apply(partitions));
            return new KafkaClaim.Copy(copy.topic(), sent);
        } catch (KafkaException e) {
            warn(copy.claim().id(), copy.topic(), e);
            return null;
        }
    }

    /** One that was refused may be sent again. */
    private static void awaitCopy(KafkaClaim claim, long deadline) throws InterruptedException {
        KafkaClaim.Copy copy = claim.copy();
        if (copy == null) {
            return;
        }
        try {
            copy.sent().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // it may still arrive
        } catch (ExecutionException e) {
            warn(claim.id(), copy.topic(), e.getCause() == null ? e : e.getCause());
            claim.copy(copy.isTooLarge() ? copy : null);
        }
    }

    private static void warn(String id, String topic, Throwable problem) {
        if (problem instanceof RecordTooLargeException) {
            log.error(
                    "Message {} cannot be copied to {}: with the headers of the copy it is larger than max.request.size of the producer"
                            + " (property of KafkaConfig) or max.message.bytes of the topic allows. It stays where it is and is tried again.",
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
