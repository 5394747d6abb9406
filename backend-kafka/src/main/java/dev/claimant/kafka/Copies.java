package dev.claimant.kafka;

import dev.claimant.Settlement.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The library's own copies of records: key, value and headers to the byte, and what it says of them in headers of its own. */
final class Copies {

    static final String REASON = "claimant-reason";
    static final String ERROR = "claimant-error";
    static final String ATTEMPT = "claimant-attempt";
    static final String ID = "claimant-id";
    static final String ORIGIN_TOPIC = "claimant-origin-topic";
    static final String ORIGIN_PARTITION = "claimant-origin-partition";
    private static final String ORIGIN_OFFSET = "claimant-origin-offset";
    private static final String ORIGIN_TIMESTAMP = "claimant-origin-timestamp";

    /** In the marker that an operator's tool leaves: the offset, in the same partition, of the copy that is not wanted any more. */
    private static final String REMOVED = "claimant-removed";

    private static final Set<String> OURS = Set.of(
            Messages.IDEMPOTENCY_KEY,
            Messages.NULL_VALUE,
            REASON,
            ERROR,
            ATTEMPT,
            ID,
            ORIGIN_TOPIC,
            ORIGIN_PARTITION,
            ORIGIN_OFFSET,
            ORIGIN_TIMESTAMP);
    private static final int LONGEST_REASON = 2_000;
    private static final int LONGEST_ERROR = 8_000;

    private Copies() {}

    /** For the dead-letter topic; its own time says when the message was given up. */
    static ProducerRecord<byte[], byte[]> dead(DeadLetter letter, String topic) {
        KafkaClaim claim = (KafkaClaim) letter.claim();
        ConsumerRecord<byte[], byte[]> original = claim.record();
        ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(topic, original.key(), original.value());
        Headers headers = copy.headers();
        original.headers().forEach(headers::add);
        add(headers, Messages.IDEMPOTENCY_KEY, claim.message().idempotencyKey());
        add(headers, ID, claim.id());
        add(headers, REASON, shortened(letter.reason(), LONGEST_REASON));
        add(headers, ERROR, letter.error() == null ? null : shortened(letter.error(), LONGEST_ERROR));
        add(headers, ATTEMPT, Integer.toString(claim.attempt()));
        add(headers, ORIGIN_TOPIC, original.topic());
        add(headers, ORIGIN_PARTITION, Integer.toString(original.partition()));
        add(headers, ORIGIN_OFFSET, Long.toString(original.offset()));
        add(headers, ORIGIN_TIMESTAMP, Long.toString(original.timestamp()));
        return copy;
    }

    /** Whether a header is what we say of a message. */
    static boolean isOurs(String header) {
        return OURS.contains(header);
    }

    /** Says that this copy is not wanted any more. */
    static ProducerRecord<byte[], byte[]> removal(ConsumerRecord<byte[], byte[]> copy) {
        ProducerRecord<byte[], byte[]> marker = new ProducerRecord<>(copy.topic(), copy.partition(), copy.key(), null);
        add(marker.headers(), REMOVED, Long.toString(copy.offset()));
        return marker;
    }

    /** The offset of the copy that this record says is not wanted any more, if it is such a record. */
    static @Nullable String removed(ConsumerRecord<byte[], byte[]> record) {
        Header marker = record.headers().lastHeader(REMOVED);
        return marker == null || record.value() != null ? null : new String(marker.value(), StandardCharsets.UTF_8);
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        headers.remove(name);
        if (value != null) {
            headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }
}
