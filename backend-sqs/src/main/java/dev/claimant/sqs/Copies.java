package dev.claimant.sqs;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** Copies of messages for another queue: body, attributes, group and trace as they were, and what became of them in the envelope. */
final class Copies {

    private static final int LONGEST_REASON = 2_000;
    private static final int LONGEST_ERROR = 8_000;

    private Copies() {}

    /** For the dead letters; nothing where body and attributes leave no room. What is too long of the error and the reason is cut off. */
    static SendMessageRequest.@Nullable Builder dead(
            SqsClaim claim, String reason, @Nullable String error, QueueFacts facts) {
        Message received = claim.received();
        Envelope envelope = Envelope.of(received.messageAttributes());
        String key = claim.message().idempotencyKey();
        envelope.put(Envelope.KEY, key == null ? claim.id() : key)
                .put(Envelope.ID, claim.id())
                .put(Envelope.ORIGIN, facts.arn())
                .put(Envelope.ATTEMPTS, Integer.toString(claim.attempt()))
                .put(Envelope.REASON, shortened(reason, LONGEST_REASON));
        if (error != null) {
            envelope.put(Envelope.ERROR, shortened(error, LONGEST_ERROR));
        }
        Map<String, MessageAttributeValue> attributes = attributes(received, envelope);
        if (size(received.body(), attributes) > facts.largestCopy()) {
            envelope.remove(Envelope.ERROR);
            attributes = attributes(received, envelope);
        }
        if (size(received.body(), attributes) > facts.largestCopy()) {
            return null;
        }
        return copy(received, attributes, claim.id());
    }

    /** For the queue from which a dead letter came, without what became of it there. */
    static SendMessageRequest.Builder redriven(Message dead) {
        Envelope envelope = Envelope.of(dead.messageAttributes());
        for (String field :
                new String[] {Envelope.REASON, Envelope.ERROR, Envelope.ATTEMPTS, Envelope.ORIGIN, Envelope.ID}) {
            envelope.remove(field);
        }
        if (envelope.get(Envelope.KEY) == null) {
            envelope.put(Envelope.KEY, dead.messageId()); // the redrive policy has moved it, under its own id
        }
        return copy(dead, attributes(dead, envelope), dead.messageId());
    }

    private static SendMessageRequest.Builder copy(
            Message original, Map<String, MessageAttributeValue> attributes, String deduplicationId) {
        SendMessageRequest.Builder copy =
                SendMessageRequest.builder().messageBody(original.body()).messageAttributes(attributes);
        Map<MessageSystemAttributeName, String> system = original.attributes();
        String group = system.get(MessageSystemAttributeName.MESSAGE_GROUP_ID);
        if (group != null) {
            copy.messageGroupId(group);
        }
        if (system.get(MessageSystemAttributeName.SEQUENCE_NUMBER) != null) {
            copy.messageDeduplicationId(deduplicationId);
        }
        String trace = system.get(MessageSystemAttributeName.AWS_TRACE_HEADER);
        if (trace != null) {
            copy.messageSystemAttributes(Map.of(
                    MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                    MessageSystemAttributeValue.builder()
                            .dataType("String")
                            .stringValue(trace)
                            .build()));
        }
        return copy;
    }

    /** Where ten were there already, those of text make room: they go into the envelope. */
    private static Map<String, MessageAttributeValue> attributes(Message original, Envelope envelope) {
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>(original.messageAttributes());
        attributes.remove(Envelope.NAME);
        for (Map.Entry<String, MessageAttributeValue> attribute :
                original.messageAttributes().entrySet()) {
            String text = attribute.getValue().stringValue();
            if (attributes.size() > SqsMessages.MOST_ATTRIBUTES
                    && text != null
                    && attributes.remove(attribute.getKey()) != null) {
                envelope.putHeader(attribute.getKey(), text);
            }
        }
        envelope.writeTo(attributes);
        return attributes;
    }

    private static int size(String body, Map<String, MessageAttributeValue> attributes) {
        int size = bytes(body);
        for (Map.Entry<String, MessageAttributeValue> attribute : attributes.entrySet()) {
            MessageAttributeValue value = attribute.getValue();
            size += bytes(attribute.getKey()) + bytes(value.dataType());
            size += value.binaryValue() != null
                    ? value.binaryValue().asByteArrayUnsafe().length
                    : bytes(value.stringValue());
        }
        return size;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }
}
