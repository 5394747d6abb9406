package dev.claimant;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a source hands out: a body with its identity and its headers. Immutable as long as no code writes into {@link #body()}, which
 * is not copied.
 *
 * @param id the source's own name for the message, unique within the source; for logs and errors
 * @param idempotencyKey stable across redelivery, the library's own copies and redrive; absent when the source has none
 * @param body the payload, possibly empty; context, not copied
 * @param headers text headers, never with null values
 * @param enqueuedAt when the source took the message in, by the source's clock; absent when unknown
 * @param orderingKey messages with the same key run one at a time, in order; absent when order does not matter
 */
// equality is never asked of a message; copying every body would cost each one twice
@SuppressWarnings("ArrayRecordComponent")
public record Message(
        String id,
        @Nullable String idempotencyKey,
        byte[] body,
        Map<String, String> headers,
        @Nullable Instant enqueuedAt,
        @Nullable String orderingKey) {

    public Message {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(body, "body");
        headers = Map.copyOf(headers);
    }

    /** A message with a UTF-8 text body and nothing else, its idempotency key being its id. */
    public static Message of(String id, String text) {
        return new Message(id, id, text.getBytes(StandardCharsets.UTF_8), Map.of(), null, null);
    }

    /** The body read as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
