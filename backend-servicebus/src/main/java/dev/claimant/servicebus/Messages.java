package dev.claimant.servicebus;

import com.azure.core.amqp.models.AmqpMessageBody;
import com.azure.core.amqp.models.AmqpMessageBodyType;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import dev.claimant.Message;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what Service Bus hands out. A body or a property that is no text and no bytes becomes text, or makes the message unusable. */
final class Messages {

    /** The property for a key of the producer's own; without one the message id is the key. */
    static final String IDEMPOTENCY_KEY = "idempotency-key";

    private Messages() {}

    /** What a handler gets, or why none can be given it. */
    record Read(Message message, @Nullable String unusable) {}

    /** @param orderingKey the session, where the entity has sessions; absent elsewhere, whatever the message says */
    static Read read(ServiceBusReceivedMessage received, @Nullable String orderingKey) {
        Map<String, String> headers = new HashMap<>();
        received.getApplicationProperties().forEach((name, value) -> {
            String text = Copies.OF_A_LATER_ATTEMPT.contains(name) ? null : text(value);
            if (text != null) {
                headers.put(name, text);
            }
        });
        String key = headers.get(IDEMPOTENCY_KEY);
        byte[] body = body(received.getRawAmqpMessage().getBody());
        Message message = new Message(
                Copies.id(received),
                key != null ? key : received.getMessageId(),
                body == null ? new byte[0] : body,
                headers,
                Copies.enqueuedAt(received),
                orderingKey);
        return new Read(
                message,
                body == null
                        ? "its body is an AMQP "
                                + received.getRawAmqpMessage().getBody().getBodyType()
                                + " that is neither bytes nor text: the producer should send bytes or text"
                        : null);
    }

    /** Absent where it cannot be read. */
    private static byte @Nullable [] body(AmqpMessageBody body) {
        if (body.getBodyType() == AmqpMessageBodyType.DATA) {
            return body.getFirstData();
        }
        if (body.getBodyType() != AmqpMessageBodyType.VALUE) {
            return null;
        }
        if (body.getValue() instanceof byte[] bytes) {
            return bytes;
        }
        String text = text(body.getValue());
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Text stays; numbers, booleans, ids and times are written as Java does; bytes as Base64; absent for anything else. */
    static @Nullable String text(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof OffsetDateTime time) {
            return DateTimeFormatter.ISO_INSTANT.format(time);
        }
        boolean isPlain = value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof java.util.UUID;
        return isPlain ? String.valueOf(value) : null;
    }
}
