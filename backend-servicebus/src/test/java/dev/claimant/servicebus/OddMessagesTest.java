package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.amqp.models.AmqpMessageBody;
import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Claim;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Verdict;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What other producers send: nothing of it stops the receiver, and what no handler can be given becomes a dead letter that can be redriven. */
class OddMessagesTest {

    /** Bodies, and the text that they become; null for those that no handler can be given. */
    private static Map<AmqpMessageBody, String> bodies() {
        UUID uuid = UUID.randomUUID();
        Map<AmqpMessageBody, String> bodies = new HashMap<>();
        bodies.put(AmqpMessageBody.fromData(new byte[0]), "");
        bodies.put(AmqpMessageBody.fromValue(""), "");
        bodies.put(AmqpMessageBody.fromValue("text \uD83D\uDE00"), "text \uD83D\uDE00");
        bodies.put(AmqpMessageBody.fromValue(true), "true");
        bodies.put(AmqpMessageBody.fromValue(-1L), "-1");
        bodies.put(AmqpMessageBody.fromValue(1.5d), "1.5");
        bodies.put(AmqpMessageBody.fromValue(uuid), uuid.toString());
        bodies.put(AmqpMessageBody.fromValue(Map.of("k", "v")), null);
        bodies.put(AmqpMessageBody.fromValue(List.of("a", 1)), null);
        bodies.put(AmqpMessageBody.fromSequence(List.of("a", 1L, true)), null);
        return bodies;
    }

    @Test
    void everyBodyIsTextOrADeadLetterAndTheNextMessageComes() {
        try (Rig rig = new Rig()) {
            int unusable = 0;
            for (Map.Entry<AmqpMessageBody, String> body : bodies().entrySet()) {
                rig.entity.send(new ServiceBusMessage(body.getKey()));
                Claim claim = rig.claim();
                if (body.getValue() == null) {
                    String reason = claim.unusable();
                    assertThat(reason).contains("neither bytes nor text");
                    assertThat(rig.settle(new DeadLetter(claim, String.valueOf(reason), null)))
                            .isEqualTo(Verdict.APPLIED);
                    unusable++;
                } else {
                    assertThat(claim.unusable()).isNull();
                    assertThat(claim.text()).isEqualTo(body.getValue());
                }
            }
            DeadLetters letters = new DeadLetters(rig.entity.config().build());
            assertThat(letters.list(100)).hasSize(unusable);
            assertThat(letters.redriveAll()).isEqualTo(unusable);
            assertThat(rig.claim(unusable)).allMatch(claim -> claim.unusable() != null);
            rig.send("plain");
            assertThat(rig.claim().text()).isEqualTo("plain");
        }
    }

    @Test
    void propertiesOfEveryTypeBecomeTextOrAreLeftOut() {
        try (Rig rig = new Rig()) {
            ServiceBusMessage message = new ServiceBusMessage("typed");
            Map<String, Object> properties = message.getApplicationProperties();
            properties.put("byte", (byte) 1);
            properties.put("short", (short) 2);
            properties.put("float", 1.5f);
            properties.put("char", 'c');
            properties.put("time", OffsetDateTime.parse("2026-01-02T03:04:05Z"));
            properties.put("duration", Duration.ofSeconds(5));
            properties.put("empty", "");
            properties.put("n\u00e4me with spaces", "value");
            rig.entity.send(message);
            Map<String, String> headers = rig.claim().message().headers();
            assertThat(headers)
                    .containsEntry("byte", "1")
                    .containsEntry("short", "2")
                    .containsEntry("float", "1.5")
                    .containsEntry("char", "c")
                    .containsEntry("time", "2026-01-02T03:04:05Z")
                    .containsEntry("empty", "")
                    .containsEntry("n\u00e4me with spaces", "value");
        }
    }

    @Test
    void longAndOddIdsAreKept() {
        String odd = "/a b\"'\u00e9%\u6f22?#&;" + "x".repeat(110);
        try (Rig rig = new Rig(TestEntity.OPTIONS.requireSession())) {
            ServiceBusMessage message =
                    new ServiceBusMessage("odd").setMessageId(odd).setSessionId(odd);
            message.getApplicationProperties().put(Messages.IDEMPOTENCY_KEY, "k".repeat(1_000));
            rig.entity.send(message);
            Claim claim = rig.claim();
            assertThat(claim.message().orderingKey()).isEqualTo(odd);
            assertThat(claim.message().idempotencyKey()).hasSize(1_000);
            assertThat(rig.renew(claim)).isEqualTo(Verdict.APPLIED);
            assertThat(rig.settle(new DeadLetter(claim, "r".repeat(10_000), "e".repeat(100_000))))
                    .isEqualTo(Verdict.APPLIED);

            DeadLetters letters = new DeadLetters(rig.entity.config().build());
            assertThat(letters.list(1)).singleElement().satisfies(letter -> {
                assertThat(letter.orderingKey()).isEqualTo(odd);
                assertThat(letter.reason()).hasSize(4_096);
            });
            assertThat(letters.redriveAll()).isEqualTo(1);
            assertThat(rig.claim().message().orderingKey()).isEqualTo(odd);
        }
    }
}
