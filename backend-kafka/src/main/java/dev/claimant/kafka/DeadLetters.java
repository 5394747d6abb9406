package dev.claimant.kafka;

import dev.claimant.Message;
import dev.claimant.Settlement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes messages that are given up into the dead-letter topic: as they came, with the reason in headers. */
final class DeadLetters implements AutoCloseable {

    private final Producer<byte[], byte[]> producer;
    private final String topic;

    DeadLetters(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /** Marks those that the topic has; the others may be tried again. */
    void write(List<Settlement.DeadLetter> given, long deadline) throws InterruptedException {
        List<Future<?>> written = new ArrayList<>();
        for (Settlement.DeadLetter letter : given) {
            written.add(producer.send(copy(letter)));
        }
        for (int i = 0; i < written.size(); i++) {
            if (isWritten(written.get(i), deadline)) {
                ((KafkaClaim) given.get(i).claim()).bury();
            }
        }
    }

    private static boolean isWritten(Future<?> sent, long deadline) throws InterruptedException {
        try {
            sent.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    private ProducerRecord<byte[], byte[]> copy(Settlement.DeadLetter letter) {
        Message message = letter.claim().message();
        byte[] key = message.orderingKey() == null ? null : bytes(message.orderingKey());
        ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(topic, key, message.body());
        message.headers().forEach((name, value) -> copy.headers().add(name, bytes(value)));
        header(copy, Messages.IDEMPOTENCY_KEY, message.idempotencyKey());
        header(copy, "claimant-id", message.id());
        header(copy, "claimant-reason", letter.reason());
        header(copy, "claimant-error", letter.error());
        header(copy, "claimant-attempt", Integer.toString(letter.claim().attempt()));
        return copy;
    }

    private static void header(ProducerRecord<byte[], byte[]> copy, String name, @Nullable String value) {
        if (value != null) {
            copy.headers().remove(name).add(name, bytes(value));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
