package dev.claimant.kafka;

import dev.claimant.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record of the dead-letter topic that {@link Copies} wrote. */
record StoredLetter(ConsumerRecord<byte[], byte[]> record) {

    /** Whether it is a letter of one of these topics. */
    boolean isOf(Set<String> topics) {
        String origin = text(Copies.ORIGIN_TOPIC);
        return origin != null && topics.contains(origin);
    }

    String id() {
        return record.partition() + "@" + record.offset();
    }

    private String origin() {
        return textOr(Copies.ORIGIN_TOPIC, "");
    }

    DeadLetters.DeadLetter describe() {
        Message read = Messages.read(record, record.topic());
        return new DeadLetters.DeadLetter(
                id(),
                textOr(Copies.ID, id()),
                textOr(Messages.IDEMPOTENCY_KEY, id()),
                textOr(Copies.REASON, ""),
                text(Copies.ERROR),
                number(Copies.ATTEMPT),
                origin(),
                record.key(),
                record.value(),
                read.headers().entrySet().stream()
                        .filter(header -> !Copies.isOurs(header.getKey()))
                        .collect(java.util.stream.Collectors.toMap(
                                java.util.Map.Entry::getKey, java.util.Map.Entry::getValue)),
                Instant.ofEpochMilli(record.timestamp()));
    }

    /**
     * What goes back: without what we have said of it, except the idempotency key.
     *
     * @param partitions how many its topic has now
     */
    ProducerRecord<byte[], byte[]> redriven(int partitions) {
        int partition = number(Copies.ORIGIN_PARTITION);
        ProducerRecord<byte[], byte[]> copy =
                new ProducerRecord<>(origin(), partition < partitions ? partition : null, record.key(), record.value());
        for (Header header : record.headers()) {
            if (header.key().equals(Messages.IDEMPOTENCY_KEY) || !Copies.isOurs(header.key())) {
                copy.headers().add(header);
            }
        }
        return copy;
    }

    private int number(String header) {
        String text = text(header);
        return text == null || !text.matches("\\d{1,9}") ? 0 : Integer.parseInt(text);
    }

    private String textOr(String header, String otherwise) {
        String text = text(header);
        return text == null ? otherwise : text;
    }

    private @Nullable String text(String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
