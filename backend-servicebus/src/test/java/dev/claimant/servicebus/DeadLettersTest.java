package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.core.amqp.models.AmqpMessageBody;
import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.Sending;
import dev.claimant.servicebusserver.Right;
import dev.claimant.servicebusserver.Switch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages that were given up, and their way back. */
class DeadLettersTest {

    private static String giveUp(Rig rig, String text) {
        String id = rig.send(text);
        assertThat(rig.settle(new Settlement.DeadLetter(rig.claim(), "no such account", "a stack")))
                .isEqualTo(Verdict.APPLIED);
        return id;
    }

    private static DeadLetters letters(Rig rig) {
        return new DeadLetters(rig.entity.config().build());
    }

    private static List<String> ids(DeadLetters letters) {
        return letters.list(1_000).stream().map(DeadLetters.DeadLetter::id).toList();
    }

    @Test
    void anOperatorFindsReasonErrorAttemptsAndBody() {
        try (Rig rig = new Rig()) {
            String id = rig.entity.send(
                    new Sending("precious".getBytes(StandardCharsets.UTF_8), Map.of("idempotency-key", "k-1"), null));
            rig.settle(new Settlement.Retry(rig.claim(), Duration.ZERO, "no"));
            rig.settle(new Settlement.DeadLetter(rig.claim(), "no such account", "a stack"));

            DeadLetters letters = letters(rig);
            assertThat(letters.list(10)).singleElement().satisfies(letter -> {
                assertThat(letter.id()).isEqualTo(id);
                assertThat(letter.idempotencyKey()).isEqualTo("k-1");
                assertThat(letter.reason()).isEqualTo("no such account");
                assertThat(letter.error()).isEqualTo("a stack");
                assertThat(letter.attempts()).isEqualTo(2);
                assertThat(letter.enqueuedAt()).isNotNull();
                assertThat(letter.body()).isEqualTo("precious".getBytes(StandardCharsets.UTF_8));
                assertThat(letter.headers()).isEqualTo(Map.of("idempotency-key", "k-1"));
            });
            assertThat(letters.find(id)).isPresent();
            assertThat(letters.find("4711")).isEmpty();
            assertThat(letters.find("no number")).isEmpty();
            assertThat(letters.list(0)).isEmpty();
            assertThat(ids(letters)).as("still there").containsExactly(id);
        }
    }

    @Test
    void aRedrivenMessageIsAsItWasKeepsItsKeyAndBeginsAnewEvenWhereDuplicatesAreDropped() {
        try (Rig rig = new Rig(TestEntity.OPTIONS.duplicateWindow(Duration.ofHours(1)))) {
            ServiceBusMessage message = new ServiceBusMessage(AmqpMessageBody.fromValue(42L)).setMessageId("m-1");
            message.getApplicationProperties().put("number", 7L);
            message.setSubject("bill").setCorrelationId("c-1").setTimeToLive(Duration.ofHours(2));
            rig.entity.send(message);
            for (int attempt = 1; attempt < 4; attempt++) {
                rig.settle(new Settlement.Retry(rig.claim(), Duration.ZERO, "no"));
            }
            rig.settle(new Settlement.DeadLetter(rig.claim(), "no such account", null));

            DeadLetters letters = letters(rig);
            assertThat(letters.redrive(List.of("4711"))).isZero();
            assertThat(letters.redriveAll()).isEqualTo(1);
            assertThat(letters.list(10)).isEmpty();

            ServiceBusClaim again = (ServiceBusClaim) rig.claim();
            assertThat(again.attempt()).isEqualTo(1);
            assertThat(again.message().idempotencyKey()).isEqualTo("m-1");
            assertThat(again.text()).isEqualTo("42");
            assertThat(again.received().getRawAmqpMessage().getBody().getValue())
                    .isEqualTo(42L);
            assertThat(again.received().getApplicationProperties())
                    .containsEntry("number", 7L)
                    .doesNotContainKeys("DeadLetterReason", Copies.ATTEMPT);
            assertThat(again.received().getSubject()).isEqualTo("bill");
            assertThat(again.received().getCorrelationId()).isEqualTo("c-1");
            assertThat(again.received().getTimeToLive()).isEqualTo(Duration.ofHours(2));
        }
    }

    @Test
    void oneThatServiceBusGaveUpIsNotGivenUpAgainAtOnce() {
        try (Rig rig = new Rig(TestEntity.OPTIONS.maxDeliveryCount(22))) {
            rig.send("deadly");
            for (int delivery = 1; delivery <= 22; delivery++) {
                rig.settle(new Settlement.Retry(rig.claim(), Duration.ZERO, "no"));
            }
            DeadLetters letters = letters(rig);
            assertThat(letters.list(10)).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo("MaxDeliveryCountExceeded");
                assertThat(letter.attempts()).isEqualTo(22);
            });
            assertThat(letters.redriveAll()).isEqualTo(1);
            assertThat(rig.claim().attempt()).isEqualTo(1);
        }
    }

    @Test
    void someAreRedrivenSomePurgedAndTheOthersStayWhereTheyAre() {
        try (Rig rig = new Rig()) {
            List<String> ids =
                    IntStream.range(0, 40).mapToObj(i -> giveUp(rig, "m" + i)).toList();
            DeadLetters letters = letters(rig);
            assertThat(ids(letters)).isEqualTo(ids);

            assertThat(letters.redrive(List.of(ids.get(0), ids.get(30), "4711")))
                    .isEqualTo(2);
            assertThat(letters.purge(List.of(ids.get(1), ids.get(39)))).isEqualTo(2);

            List<String> left = ids.stream()
                    .filter(id -> List.of(0, 1, 30, 39).stream()
                            .noneMatch(i -> ids.get(i).equals(id)))
                    .toList();
            assertThat(ids(letters)).isEqualTo(left);
            assertThat(rig.claim(2)).extracting(Claim::text).containsExactlyInAnyOrder("m0", "m30");
            assertThat(letters.redriveAll()).as("none is locked for nobody").isEqualTo(36);
            assertThat(rig.server.counts(rig.entity.path()).deadLetter()).isZero();
        }
    }

    @Test
    void aCopyThatIsRefusedLosesNothing() {
        try (Rig rig = new Rig()) {
            String id = giveUp(rig, "precious");
            String listen = rig.server.addKey("looker", "secret", Right.LISTEN);
            DeadLetters unable =
                    new DeadLetters(rig.entity.config().connectionString(listen).build());
            assertThatThrownBy(unable::redriveAll)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("SEND");
            assertThat(ids(unable)).containsExactly(id);
            assertThat(letters(rig).redriveAll()).isEqualTo(1);
        }
    }

    @Test
    void aCopyWhoseOriginalCouldNotBeRemovedIsThereTwiceUnderOneKey() {
        try (Rig rig = new Rig(Switch.LOCKED_NOT_ACTIVE)) {
            String id = giveUp(rig, "precious");
            DeadLetters letters = letters(rig);
            rig.faults.fail("complete", 1, "com.microsoft:message-lock-lost");
            assertThatThrownBy(letters::redriveAll).isInstanceOf(SourceException.class);
            assertThat(ids(letters)).containsExactly(id);
            assertThat(letters.redriveAll()).isEqualTo(1);
            assertThat(rig.claim(2).stream()
                            .map(claim -> claim.message().idempotencyKey())
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void oneOfASubscriptionGoesByTheTopicAndWorkersOfOtherSubscriptionsPassItBy() {
        try (Rig rig = Rig.subscription("billing")) {
            rig.server.addSubscription("orders", "shipping", TestEntity.OPTIONS);
            ServiceBusConfig.Builder shipping = ServiceBusConfig.subscription("orders", "shipping")
                    .connectionString(rig.server.connectionString())
                    .administrationEndpoint("http://localhost:" + rig.server.adminPort());
            try (ServiceBusSource other = ServiceBusSource.of(shipping.build())) {
                other.open(Rig.PLAN, rig);
                giveUp(rig, "precious");
                assertThat(letters(rig).redriveAll()).isEqualTo(1);
                assertThat(rig.claim().text()).isEqualTo("precious");

                Claim first = Rig.claim(other, 1).get(0);
                assertThat(first.text()).as("what came to all subscriptions").isEqualTo("precious");
                assertThat(other.settle(List.of(new Complete(first)), TestEntity.PATIENCE))
                        .containsExactly(Verdict.APPLIED);
                rig.send("next");
                assertThat(Rig.claim(other, 1).get(0).text()).isEqualTo("next");
                await().atMost(TestEntity.PATIENCE)
                        .until(() -> rig.server
                                        .counts("orders/subscriptions/shipping")
                                        .active()
                                == 1);
            }
        }
    }
}
