package dev.claimant.servicebusserver;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message to send.
 *
 * @param fields {@code messageId}, {@code sessionId}, {@code correlationId}, {@code subject}, {@code contentType}, {@code replyTo}, {@code to},
 *     {@code timeToLive} in milliseconds, and {@code properties}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outgoing(byte[] body, Map<String, Object> fields) {

    static Outgoing of(String body) {
        return of(body.getBytes(StandardCharsets.UTF_8));
    }

    static Outgoing of(byte[] body) {
        return new Outgoing(body, Map.of());
    }

    Outgoing with(String field, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new Outgoing(body, more);
    }

    Outgoing id(String id) {
        return with("messageId", id);
    }

    Outgoing session(String id) {
        return with("sessionId", id);
    }

    Outgoing timeToLive(Duration time) {
        return with("timeToLive", time.toMillis());
    }
}
