package dev.claimant.servicebus;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Message;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.servicebusserver.Right;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Retries with a delay as copies that the queue keeps until they are due. */
class ScheduledRetriesTest {

    private static final Duration DELAY = Duration.ofHours(1);

    private static Rig rig() {
        return new Rig(ServiceBusConfig.Builder::scheduledRetries);
    }

    private static Retry retry(Claim claim) {
        return new Retry(claim, DELAY, "not yet");
    }

    @Test
    void aCopyIsTheSameMessageWithItsNextAttemptAndKeepsItsKey() {
        try (Rig rig = rig()) {
            ServiceBusMessage sent =
                    new ServiceBusMessage("order").setMessageId("m-1").setCorrelationId("c-1");
            sent.getApplicationProperties().put("kind", "new");
            String id = rig.entity.send(sent);
            Message first = null;
            for (int attempt = 1; attempt <= 3; attempt++) {
                ServiceBusClaim claim = (ServiceBusClaim) rig.claim();
                Message message = claim.message();
                first = first == null ? message : first;
                assertThat(claim.id()).isEqualTo(id);
                assertThat(claim.attempt()).isEqualTo(attempt);
                assertThat(message.idempotencyKey()).isEqualTo("m-1");
                assertThat(message.headers()).containsEntry("kind", "new").doesNotContainKey("claimant-id");
                assertThat(message.body()).isEqualTo(first.body());
                assertThat(message.enqueuedAt()).isEqualTo(first.enqueuedAt());
                assertThat(claim.received().getCorrelationId()).isEqualTo("c-1");
                assertThat(claim.received().getMessageId()).matches(attempt == 1 ? "m-1" : "claimant-.*");
                assertThat(rig.settle(retry(claim))).isEqualTo(APPLIED);
                assertThat(rig.active()).isZero();
                assertThat(rig.source.backlog().delayed()).hasValue(1);
                rig.server.advance(DELAY.plusSeconds(2));
            }
            assertThat(rig.settle(new DeadLetter(rig.claim(), "hopeless", null)))
                    .isEqualTo(APPLIED);
            DeadLetters letters = new DeadLetters(rig.entity.config().build());
            assertThat(letters.list(1)).singleElement().satisfies(letter -> {
                assertThat(letter.attempts()).isEqualTo(4);
                assertThat(letter.idempotencyKey()).isEqualTo("m-1");
            });
            assertThat(letters.redriveAll()).isEqualTo(1);
            assertThat(rig.claim().attempt())
                    .as("a redriven message begins anew")
                    .isEqualTo(1);
        }
    }

    /** The server's clock is a quarter of an hour ahead of ours: a copy that is due by ours would come at once. */
    @Test
    void aDelayIsCountedByTheServicesClock() {
        try (Rig rig = rig()) {
            rig.server.advance(Duration.ofMinutes(15));
            String id = rig.send("later");
            assertThat(rig.settle(new Retry(rig.claim(), Duration.ofMinutes(10), "no")))
                    .isEqualTo(APPLIED);
            rig.server.advance(Duration.ofMinutes(10).minusSeconds(5));
            assertThat(rig.active()).isZero();
            rig.server.advance(Duration.ofSeconds(7));
            assertThat(rig.claim().id()).isEqualTo(id);
        }
    }

    @Test
    void theMessageStaysWhileItsCopyIsNotConfirmed() {
        try (Rig rig = rig()) {
            rig.send("precious");
            Claim claim = rig.claim();
            rig.faults.ignore("schedule-message", 1);
            assertThat(rig.source.settle(List.of(retry(claim)), Duration.ofSeconds(1)))
                    .containsExactly(UNKNOWN);
            assertThat(rig.active()).isEqualTo(1);
            await().atMost(TestEntity.PATIENCE)
                    .until(() -> rig.settle(retry(claim).asRepeated()) == APPLIED);
            assertThat(rig.active()).isZero();
        }
    }

    @Test
    void aCompletionWithoutAnAnswerMakesNoSecondCopy() {
        try (Rig rig = rig()) {
            rig.send("once");
            Claim claim = rig.claim();
            rig.faults.loseAnswers("complete", 1);
            assertThat(rig.source.settle(List.of(retry(claim)), Duration.ofSeconds(1)))
                    .containsExactly(UNKNOWN);
            await().atMost(TestEntity.PATIENCE)
                    .until(() -> rig.settle(retry(claim).asRepeated()) == APPLIED);
            assertThat(rig.source.backlog().delayed()).hasValue(1);
        }
    }

    @Test
    void whatSomebodyElseHasIsNotCopied() {
        try (Rig rig = rig()) {
            rig.send("taken over");
            Claim late = rig.claim();
            rig.server.advance(TestEntity.LOCK.plusSeconds(1));
            Claim again = rig.claim();
            assertThat(rig.settle(retry(late))).isEqualTo(LOST);
            assertThat(rig.settle(new Complete(again))).isEqualTo(APPLIED);
            assertThat(rig.source.backlog().delayed()).hasValue(0);
        }
    }

    @Test
    void aLockThatIsLostBetweenCopyAndCompletionTakesTheCopyBack() {
        try (Rig rig = rig()) {
            rig.send("taken over");
            Claim claim = rig.claim();
            rig.faults.fail("complete", 1, "com.microsoft:message-lock-lost");
            Verdict verdict = rig.settle(retry(claim));
            assertThat(verdict).isEqualTo(LOST);
            await().atMost(TestEntity.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(rig.source.backlog().delayed()).hasValue(0));
        }
    }

    @Test
    void onlyQueuesWithoutSessionsHaveThemAndOnlyWhoMaySend() {
        assertThatThrownBy(() -> ServiceBusConfig.subscription("news", "all")
                        .connectionString("Endpoint=sb://x;SharedAccessKeyName=a;SharedAccessKey=b")
                        .scheduledRetries()
                        .build())
                .hasMessageContaining("scheduledRetries: only for queues");
        try (TestEntity entity = new TestEntity(null);
                ServiceBusSource source = ServiceBusSource.of(entity.config()
                        .connectionString(entity.server.addKey("worker", "secret", Right.LISTEN))
                        .lockLength(TestEntity.LOCK)
                        .scheduledRetries()
                        .build());
                Rig rig = new Rig()) {
            assertThatThrownBy(() -> source.open(Rig.PLAN, rig))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("scheduledRetries: the right Send");
        }
    }
}
