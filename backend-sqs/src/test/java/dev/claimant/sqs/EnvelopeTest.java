package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Message;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** What producers send and what a handler sees. */
class EnvelopeTest {

    private static Message read(SendMessageRequest request, boolean fifo) {
        Map<MessageSystemAttributeName, String> system = new HashMap<>();
        if (request.messageGroupId() != null) {
            system.put(MessageSystemAttributeName.MESSAGE_GROUP_ID, request.messageGroupId());
        }
        return Messages.message(
                software.amazon.awssdk.services.sqs.model.Message.builder()
                        .messageId("id")
                        .body(request.messageBody())
                        .attributes(system)
                        .messageAttributes(request.messageAttributes())
                        .build(),
                fifo);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void plainTextWithPlainHeadersNeedsNoEnvelope() {
        SendMessageRequest request = SqsMessages.request(bytes("Grüße 👏"), Map.of("kind", "greeting"), null, null)
                .build();

        assertThat(request.messageBody()).isEqualTo("Grüße 👏");
        assertThat(request.messageAttributes()).containsOnlyKeys("kind");
    }

    @Test
    void aMessageFromAnyoneElseIsReadAsItIs() {
        SendMessageRequest foreign = SendMessageRequest.builder()
                .messageBody("body=base64")
                .messageAttributes(Map.of(
                        "claimant", Envelope.text("100 % not ours"),
                        "Trace", Envelope.text("1-2-3"),
                        "Count",
                                MessageAttributeValue.builder()
                                        .dataType("Number")
                                        .stringValue("7")
                                        .build(),
                        "Image",
                                MessageAttributeValue.builder()
                                        .dataType("Binary")
                                        .binaryValue(SdkBytes.fromUtf8String("x"))
                                        .build()))
                .build();

        Message message = read(foreign, false);

        assertThat(message.text()).isEqualTo("body=base64");
        assertThat(message.idempotencyKey()).isEqualTo("id");
        assertThat(message.headers()).isEqualTo(Map.of("Trace", "1-2-3", "Count", "7"));
    }

    @Test
    void bytesEmptyBodiesAndControlCharactersComeBack() {
        for (byte[] body : new byte[][] {{}, {(byte) 0xff, 0, 1}, bytes("a\u0000b"), bytes("\uFFFE")}) {
            SendMessageRequest request =
                    SqsMessages.request(body, Map.of(), null, null).build();

            assertThat(SqsMessages.isText(request.messageBody())).isTrue();
            assertThat(read(request, false).body()).isEqualTo(body);
        }
    }

    @Test
    void headersThatAreNoAttributesComeBack() {
        Map<String, String> headers = new TreeMap<>();
        for (int i = 0; i < 20; i++) {
            headers.put("header-" + i, "value " + i);
        }
        headers.put("empty", "");
        headers.put("a name & more=", "a=b&c %41 \u0000 漢字");
        headers.put("AWS.reserved", "x");

        SendMessageRequest request =
                SqsMessages.request(bytes("x"), headers, "order-17", null).build();

        assertThat(request.messageAttributes()).hasSizeLessThanOrEqualTo(10);
        assertThat(request.messageAttributes().values()).allMatch(value -> SqsMessages.isText(value.stringValue()));
        Message message = read(request, false);
        assertThat(message.headers()).isEqualTo(headers);
        assertThat(message.idempotencyKey()).isEqualTo("order-17");
    }

    @Test
    void anOrderingKeyThatIsNoGroupComesBack() {
        for (String key : new String[] {"customer-7", "customer 7", "x".repeat(500), "漢字"}) {
            SendMessageRequest request =
                    SqsMessages.request(bytes("x"), Map.of(), null, key).build();

            assertThat(request.messageGroupId()).matches("\\p{Graph}{1,128}");
            assertThat(read(request, true).orderingKey()).isEqualTo(key);
        }
    }

    @Test
    void aGroupOfAStandardQueueIsATenantAndNoOrder() {
        SendMessageRequest request =
                SqsMessages.request(bytes("x"), Map.of(), null, "tenant-1").build();

        Message message = read(request, false);

        assertThat(message.orderingKey()).isNull();
        assertThat(message.headers()).containsEntry("MessageGroupId", "tenant-1");
    }
}
