package dev.claimant.kafka;

import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What was lost with its partition is LOST for ever, and nobody needs to be asked for that. */
class LossTest {

    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

    private final GroupBuffer buffer = new DeliveryBuffer().group(100);
    private final AssignedPartition partition =
            new AssignedPartition(new Assignment("group", PARTITION, "topic", null, 1), 0, true, new TreeMap<>());

    /** Here the thread that polls is held up by the worker itself, which is being told of the loss. */
    @Test
    void everySettlementOfALostClaimIsAnsweredWhileTheThreadThatPollsIsHeldUp() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        TestTopic.Told heldUp = new TestTopic.Told() {
            @Override
            public void lost(List<Claim> claims) {
                super.lost(claims);
                awaitQuietly(told);
            }
        };
        try (TestTopic topic = new TestTopic(1);
                TestGroup group = new TestGroup(topic.group, topic.name)) {
            KafkaSource source = topic.source(config -> config.property("client.id", "late"), heldUp);
            topic.send(0, 1);
            Claim claim = TestTopic.claim(source, 1).get(0);

            group.putOut("late");
            await().atMost(TestTopic.PATIENCE).until(() -> !heldUp.lost.isEmpty());

            try {
                assertThat(source.renew(List.of(claim), TestTopic.PATIENCE)).containsExactly(LOST);
                for (Settlement late : List.of(
                        new Settlement.Complete(claim),
                        new Settlement.Complete(claim).asRepeated(),
                        new Settlement.Retry(claim, Duration.ZERO, "it failed"),
                        new Settlement.Release(claim),
                        new Settlement.DeadLetter(claim, "it failed", "a stack"))) {
                    assertThat(source.settle(List.of(late), TestTopic.PATIENCE))
                            .as(late.getClass().getSimpleName())
                            .containsExactly(LOST);
                }
            } finally {
                told.countDown();
            }
            assertThat(topic.dead()).isEmpty();
        }
    }

    @Test
    void aCallThatNobodyAnsweredInTimeIsLostWhereTheClaimIs() {
        List<KafkaClaim> claims = claim(1);
        Call call = call(new Call.Item(claims.get(0), new Settlement.Complete(claims.get(0))));
        assertThat(call.isAnsweredHere()).isFalse();

        buffer.remove(List.of(PARTITION));

        assertThat(call.await("group")).containsExactly(LOST);
    }

    @Test
    void aLostClaimDoesNotMakeItsNeighboursInTheCallLost() {
        List<KafkaClaim> claims = claim(2);
        claims.get(0).lose();
        Call call = call(
                new Call.Item(claims.get(0), new Settlement.Complete(claims.get(0))),
                new Call.Item(claims.get(1), new Settlement.Complete(claims.get(1))));

        assertThat(call.isAnsweredHere()).isFalse();
        assertThat(call.await("group")).containsExactly(LOST, UNKNOWN);
    }

    /** Its completion is on its way, and may yet be APPLIED: the worker still holds the claim, and renews it. */
    @Test
    void aRenewalOfAClaimWhoseCompletionIsUnansweredIsNotLost() {
        KafkaClaim claim = claim(1).get(0);
        buffer.run(() -> partition.done(claim));

        Call renewal = call(new Call.Item(claim, null));

        assertThat(renewal.isAnsweredHere()).isFalse();
        assertThat(renewal.await("group")).containsExactly(UNKNOWN);
    }

    @Test
    void aRenewalAndASecondCompletionAfterTheFirstOneAreLost() {
        KafkaClaim claim = claim(1).get(0);
        buffer.run(() -> partition.done(claim));
        claim.commit();

        assertThat(answerHere(new Call.Item(claim, null))).isEqualTo(LOST);
        assertThat(answerHere(new Call.Item(claim, new Settlement.Complete(claim))))
                .isEqualTo(LOST);
        assertThat(answerHere(new Call.Item(claim, new Settlement.Complete(claim).asRepeated())))
                .isEqualTo(Verdict.APPLIED);
    }

    private Verdict answerHere(Call.Item item) {
        Call call = call(item);
        assertThat(call.isAnsweredHere()).isTrue();
        return call.await("group").get(0);
    }

    private Call call(Call.Item... items) {
        return new Call(List.of(items), Duration.ZERO, buffer);
    }

    private List<KafkaClaim> claim(int count) {
        List<KafkaClaim> claims = new ArrayList<>();
        buffer.add(partition);
        buffer.run(() -> {
            for (int offset = 0; offset < count; offset++) {
                partition.add(new ConsumerRecord<>(
                        "topic",
                        0,
                        offset,
                        0,
                        TimestampType.CREATE_TIME,
                        0,
                        1,
                        null,
                        new byte[1],
                        new RecordHeaders(),
                        Optional.empty()));
            }
            partition.announce(count, 100);
            partition.committed();
            partition.hand(count, claims);
        });
        return claims;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
