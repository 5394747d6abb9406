package dev.claimant.contract;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way into a queue.
 *
 * @param body the payload
 * @param headers text headers
 * @param orderingKey absent when order does not matter
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Sending(
        byte[] body, Map<String, String> headers, @Nullable String orderingKey) {

    static Sending of(String text) {
        return new Sending(text.getBytes(StandardCharsets.UTF_8), Map.of(), null);
    }

    static Sending keyed(String orderingKey, String text) {
        return new Sending(text.getBytes(StandardCharsets.UTF_8), Map.of(), orderingKey);
    }
}
