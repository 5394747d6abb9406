package dev.claimant.servicebusserver;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as a client has it.
 *
 * @param handle by which its SDK knows it
 * @param fields as in {@link Outgoing}, and {@code sequence}, {@code deliveryCount}, {@code lockToken}, {@code state}, {@code enqueuedAt} and
 *     {@code lockedUntil} in milliseconds, {@code deadLetterReason}, {@code deadLetterDescription}; absent where the message has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Incoming(Object handle, byte[] body, Map<String, @Nullable Object> fields) {

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Nullable Object get(String field) {
        return fields.get(field);
    }

    long number(String field) {
        return fields.get(field) instanceof Number number ? number.longValue() : Long.MIN_VALUE;
    }

    long sequence() {
        return number("sequence");
    }

    long deliveryCount() {
        return number("deliveryCount");
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> properties() {
        return (Map<String, Object>) fields.getOrDefault("properties", Map.of());
    }
}
