package dev.claimant.kafka;

import dev.claimant.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What a record is as a message. */
final class Messages {

    /** Carries the key through the library's own copies of a message. */
    static final String IDEMPOTENCY_KEY = "claimant-idempotency-key";

    /** Tells a record without a value from one with a value of no bytes. */
    static final String NULL_VALUE = "claimant-null-value";

    /** Before a key that is no text: such a key is text itself only where it is written the same way. */
    private static final char BINARY = '\0';

    private Messages() {}

    /**
     * The message.
     *
     * @param topic the topic's name, such that one that was made anew has another: the idempotency key must not come again
     */
    static Message read(ConsumerRecord<byte[], byte[]> message, String topic) {
        String place = "-" + message.partition() + "@" + message.offset();
        Map<String, String> headers = new HashMap<>();
        for (Header header : message.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        byte[] body = message.value();
        if (body == null) {
            body = new byte[0];
            headers.put(NULL_VALUE, "true");
        }
        return new Message(
                message.topic() + place,
                headers.getOrDefault(IDEMPOTENCY_KEY, topic + place),
                body,
                headers,
                message.timestamp() < 0 ? null : Instant.ofEpochMilli(message.timestamp()),
                message.key() == null ? null : keyOf(message.key()));
    }

    /** Different bytes are different keys, text or not. */
    static String keyOf(byte[] key) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
            if (text.isEmpty() || text.charAt(0) != BINARY) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // as below
        }
        return BINARY + HexFormat.of().formatHex(key);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
