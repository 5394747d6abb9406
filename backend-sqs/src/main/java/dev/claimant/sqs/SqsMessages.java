package dev.claimant.sqs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * For producers with more than text to send. SQS takes bodies of text that are not empty, and up to ten attributes; what does not fit goes
 * into the attribute {@code claimant}, which {@link SqsSource} understands. Everything else of the request is the producer's.
 */
public final class SqsMessages {

    /** One of the ten is for the envelope. */
    static final int MOST_ATTRIBUTES = 9;

    private static final Pattern ATTRIBUTE_NAME =
            Pattern.compile("(?!(?i:AWS|Amazon)\\.)(?!.*\\.\\.)[A-Za-z0-9_-]([A-Za-z0-9_.-]{0,254}[A-Za-z0-9_-])?");

    private static final Pattern GROUP = Pattern.compile("\\p{Graph}{1,128}");

    private SqsMessages() {}

    /**
     * A client like the source's own, for a producer with the same settings; the caller closes it. It repeats nothing by itself: a message
     * whose sending was not answered may have been sent.
     */
    public static SqsAsyncClient client(SqsConfig config) {
        return Connections.connect(config);
    }

    /**
     * A request with this body and these headers, to which a producer adds the queue's URL and, for a FIFO queue
     * without deduplication by content, the deduplication id.
     *
     * @param body any bytes, also none
     * @param headers whatever text, under whatever names
     * @param idempotencyKey what a handler's effects are kept by; absent for the message's id
     * @param orderingKey for a FIFO queue, whatever text: its message group; absent for a standard queue
     */
    public static SendMessageRequest.Builder request(
            byte[] body, Map<String, String> headers, @Nullable String idempotencyKey, @Nullable String orderingKey) {
        Envelope envelope = Envelope.empty();
        if (idempotencyKey != null) {
            envelope.put(Envelope.KEY, idempotencyKey);
        }
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (attributes.size() < MOST_ATTRIBUTES
                    && ATTRIBUTE_NAME.matcher(name).matches()
                    && !name.equals(Envelope.NAME)
                    && isText(value)) {
                attributes.put(name, Envelope.text(value));
            } else {
                envelope.putHeader(name, value);
            }
        });
        SendMessageRequest.Builder request = SendMessageRequest.builder().messageBody(text(body, envelope));
        if (orderingKey != null) {
            request.messageGroupId(group(orderingKey, envelope));
        }
        envelope.writeTo(attributes);
        return request.messageAttributes(attributes);
    }

    private static String group(String orderingKey, Envelope envelope) {
        if (GROUP.matcher(orderingKey).matches()) {
            return orderingKey;
        }
        envelope.put(Envelope.GROUP, orderingKey);
        return UUID.nameUUIDFromBytes(orderingKey.getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static String text(byte[] body, Envelope envelope) {
        if (body.length == 0) {
            envelope.put(Envelope.BODY, "empty");
            return "(empty)";
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            if (isText(text)) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // bytes
        }
        envelope.put(Envelope.BODY, "base64");
        return Base64.getEncoder().encodeToString(body);
    }

    /** Whether SQS takes it: not empty, and only characters that XML allows. */
    static boolean isText(String text) {
        return !text.isEmpty()
                && text.codePoints()
                        .allMatch(c -> c == '\t'
                                || c == '\n'
                                || c == '\r'
                                || (c >= 0x20 && c <= 0xD7FF)
                                || (c >= 0xE000 && c <= 0xFFFD)
                                || c >= 0x10000);
    }
}
