package dev.claimant.kafka;

import dev.claimant.Settlement.DeadLetter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The library's own copies of records: key, value and headers to the byte, and what it says of them in headers of its own. */
final class Copies {

    static final String REASON = "claimant-reason";
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
        add(headers, "claimant-id", claim.id());
        add(headers, REASON, shortened(letter.reason(), LONGEST_REASON));
        add(headers, "claimant-error", letter.error() == null ? null : shortened(letter.error(), LONGEST_ERROR));
        add(headers, "claimant-attempt", Integer.toString(claim.attempt()));
        add(headers, "claimant-origin-topic", original.topic());
        add(headers, "claimant-origin-partition", Integer.toString(original.partition()));
        add(headers, "claimant-origin-offset", Long.toString(original.offset()));
        add(headers, "claimant-origin-timestamp", Long.toString(original.timestamp()));
        return copy;
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
