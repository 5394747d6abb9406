package dev.claimant.sqs;

import dev.claimant.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Reads what SQS hands out. */
final class Messages {

    /** The tenant of a fair queue, where order is not kept. */
    static final String GROUP_HEADER = "MessageGroupId";

    private static final Logger LOG = LoggerFactory.getLogger(Messages.class);

    private Messages() {}

    static SqsClaim claim(
            software.amazon.awssdk.services.sqs.model.Message received, SqsConfig config, long receivedAt) {
        String receives = system(received, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
        int count = receives == null ? 1 : Integer.parseInt(receives);
        return new SqsClaim(
                message(received, config.queue.isFifo()),
                Math.max(1, count),
                received,
                receivedAt,
                config.lockLength,
                config.longestLock);
    }

    /** By its name: a map of the SDK's constants is made anew each time that it is asked for. */
    private static @Nullable String system(
            software.amazon.awssdk.services.sqs.model.Message received, MessageSystemAttributeName name) {
        return received.attributesAsStrings().get(name.toString());
    }

    static Message message(software.amazon.awssdk.services.sqs.model.Message received, boolean fifo) {
        Envelope envelope = Envelope.of(received.messageAttributes());
        String group = system(received, MessageSystemAttributeName.MESSAGE_GROUP_ID);
        Map<String, String> headers = new HashMap<>();
        received.messageAttributes().forEach((name, value) -> {
            if (value.stringValue() != null && !name.equals(Envelope.NAME)) {
                headers.put(name, value.stringValue());
            }
        });
        if (group != null && !fifo) {
            headers.put(GROUP_HEADER, group);
        }
        headers.putAll(envelope.headers());
        String key = envelope.get(Envelope.KEY);
        return new Message(
                received.messageId(),
                key != null ? key : received.messageId(),
                body(received, envelope),
                headers,
                sentAt(received),
                fifo ? orderingKey(group, envelope) : null);
    }

    private static @Nullable String orderingKey(@Nullable String group, Envelope envelope) {
        String key = envelope.get(Envelope.GROUP);
        return key == null ? group : key;
    }

    private static byte[] body(software.amazon.awssdk.services.sqs.model.Message received, Envelope envelope) {
        String kind = envelope.get(Envelope.BODY);
        if ("empty".equals(kind)) {
            return new byte[0];
        }
        if ("base64".equals(kind)) {
            try {
                return Base64.getDecoder().decode(received.body());
            } catch (IllegalArgumentException e) {
                LOG.warn(
                        "message {} says that its body is Base64, and it is not: it is handed to the handler as text",
                        received.messageId());
            }
        }
        return received.body().getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable Instant sentAt(software.amazon.awssdk.services.sqs.model.Message received) {
        String millis = system(received, MessageSystemAttributeName.SENT_TIMESTAMP);
        return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis));
    }
}
