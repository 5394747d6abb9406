package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import dev.claimant.Message;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the broker delivers, as claims. */
final class Messages {

    /** The tries that earlier copies of this message have burned: the broker's count begins anew with each copy. */
    static final String ATTEMPT = "x-claimant-attempt";

    /** The id of a message that was sent without one, from its first copy on. */
    static final String ID = "x-claimant-id";

    static final String REASON = "x-claimant-reason";
    static final String ERROR = "x-claimant-error";

    /** When the message was given up. */
    static final String DEAD_AT = "x-claimant-dead-at";

    /** Names one copy on its way, so that the broker's word on it can be told. */
    static final String COPY = "x-claimant-copy";

    /** How often a quorum queue took the message back; a classic queue has no such header. */
    private static final String TAKEN_BACK = "x-delivery-count";

    /** From 4.3: how often it was handed out, whatever came of it. */
    private static final String HANDED_OUT = "x-acquired-count";

    private Messages() {}

    static RabbitMqClaim claim(
            Subscription subscription,
            Credit credit,
            @Nullable String orderingKey,
            Envelope envelope,
            BasicProperties properties,
            byte[] body) {
        Map<String, Object> headers = headers(properties);
        int takenBack = number(headers, TAKEN_BACK);
        int attempt = number(headers, ATTEMPT) + takenBack + 1;
        int delivery = Math.max(attempt, number(headers, HANDED_OUT) + 1);
        // Before the first return the header may be missing on a quorum queue too; where order is kept, it must be one.
        boolean counted = headers.containsKey(TAKEN_BACK) || orderingKey != null;
        Message message = new Message(
                id(properties),
                key(properties),
                body,
                texts(headers),
                enqueuedAt(properties.getTimestamp()),
                orderingKey);
        return new RabbitMqClaim(
                message, attempt, delivery, subscription, credit, envelope, properties, counted ? attempt : 0);
    }

    static Map<String, Object> headers(BasicProperties properties) {
        Map<String, Object> headers = properties.getHeaders();
        return headers == null ? Map.of() : headers;
    }

    /** Whether the header is ours or the broker's, and tells of this copy of the message only. */
    static boolean isBookkeeping(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return name.startsWith("x-claimant-")
                || name.equals(TAKEN_BACK)
                || name.equals(HANDED_OUT)
                || name.equals("x-death")
                || name.startsWith("x-first-death-")
                || name.startsWith("x-last-death-");
    }

    /** The message's own id; one that is empty is none, or all messages without an id would be the same one. */
    static @Nullable String key(BasicProperties properties) {
        String id = properties.getMessageId();
        return id == null || id.isEmpty() ? null : id;
    }

    static String id(BasicProperties properties) {
        String own = key(properties);
        String ours = own == null ? text(headers(properties).get(ID)) : own;
        return ours == null ? MadeUpIds.next() : ours;
    }

    static Map<String, String> texts(Map<String, Object> headers) {
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, Object> header : headers.entrySet()) {
            String text = text(header.getValue());
            if (text != null && !isBookkeeping(header.getKey())) {
                texts.put(header.getKey(), text);
            }
        }
        return texts;
    }

    /** Nothing for tables, lists and bytes, which are no text. */
    static @Nullable String text(@Nullable Object value) {
        if (value instanceof Date date) {
            return date.toInstant().toString();
        }
        if (value instanceof LongString
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean) {
            return String.valueOf(value);
        }
        return null;
    }

    static int number(Map<String, Object> headers, String name) {
        return headers.get(name) instanceof Number number ? Math.max(0, number.intValue()) : 0;
    }

    static @Nullable Instant enqueuedAt(@Nullable Date timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
