package dev.claimant.kafka;

import dev.claimant.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
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

    private static final byte[] NOTHING = new byte[0];

    private Messages() {}

    /**
     * The message.
     *
     * @param topic the topic's name, such that one that was made anew has another
     */
    static Message read(ConsumerRecord<byte[], byte[]> message, String topic) {
        Map<String, String> headers = headers(message);
        String key = headers.get(IDEMPOTENCY_KEY);
        return new Message(
                message.topic() + "-" + message.partition() + "@" + message.offset(),
                key == null ? keyOf(message, topic) : key,
                message.value() == null ? NOTHING : message.value(),
                headers,
                message.timestamp() < 0 ? null : Instant.ofEpochMilli(message.timestamp()),
                message.key() == null ? null : keyOf(message.key()));
    }

    /** Does not come again, neither in a topic that was made anew nor after a log that was cut: each leader has an epoch of its own. */
    private static String keyOf(ConsumerRecord<byte[], byte[]> message, String topic) {
        return topic + "-" + message.partition() + "@" + message.offset() + "."
                + message.leaderEpoch().orElse(-1);
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> message) {
        Iterator<Header> all = message.headers().iterator();
        if (!all.hasNext() && message.value() != null) {
            return Map.of();
        }
        Map<String, String> headers = new HashMap<>();
        while (all.hasNext()) {
            Header header = all.next();
            headers.put(header.key(), text(header.value()));
        }
        if (message.value() == null) {
            headers.put(NULL_VALUE, "true");
        }
        return headers;
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
