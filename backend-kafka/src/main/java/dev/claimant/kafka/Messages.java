package dev.claimant.kafka;

import dev.claimant.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What a record is as a message. */
final class Messages {

    /** Carries the key through the library's own copies of a message. */
    static final String IDEMPOTENCY_KEY = "claimant-idempotency-key";

    private Messages() {}

    static Message read(ConsumerRecord<byte[], byte[]> message) {
        String id = message.topic() + "-" + message.partition() + "@" + message.offset();
        Map<String, String> headers = new HashMap<>();
        for (Header header : message.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        byte[] body = message.value() == null ? new byte[0] : message.value();
        return new Message(
                id,
                headers.getOrDefault(IDEMPOTENCY_KEY, id),
                body,
                headers,
                message.timestamp() < 0 ? null : Instant.ofEpochMilli(message.timestamp()),
                message.key() == null ? null : text(message.key()));
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
