package dev.claimant.servicebus;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.DeadMessage;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.Switch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on the way, and what the source makes of it. */
class FaultsTest {

    private static final Duration BOUND = Duration.ofSeconds(1);

    @Test
    void aRenewalThatIsRefusedOnceIsUnknownAndTheNextOneCounts() {
        try (Rig rig = new Rig()) {
            rig.send("long");
            Claim claim = rig.claim();
            rig.faults.ignore("renew-lock", 1);
            assertThat(rig.source.renew(List.of(claim), BOUND)).containsExactly(UNKNOWN);
            assertThat(rig.renew(claim)).isEqualTo(APPLIED);
            assertThat(rig.settle(new Complete(claim))).isEqualTo(APPLIED);
        }
    }

    @Test
    void aBusyServerIsAskedAgainWithinTheBound() {
        try (Rig rig = new Rig()) {
            rig.send("long");
            Claim claim = rig.claim();
            rig.faults.fail("renew-lock", 2, "com.microsoft:server-busy");
            await().atMost(TestEntity.PATIENCE).until(() -> rig.renew(claim) == APPLIED);
            rig.server.advance(TestEntity.LOCK.dividedBy(2));
            assertThat(rig.settle(new Complete(claim))).isEqualTo(APPLIED);
        }
    }

    @Test
    void aCompletionThatWasDoneAndNotAnsweredIsAppliedWhenItIsRepeated() {
        try (Rig rig = new Rig()) {
            rig.send("once");
            Complete complete = new Complete(rig.claim());
            rig.faults.loseAnswers("complete", 1);
            assertThat(rig.source.settle(List.of(complete), BOUND)).containsExactly(UNKNOWN);
            await().atMost(TestEntity.PATIENCE).until(() -> rig.settle(complete.asRepeated()) == APPLIED);
            assertThat(rig.active()).isZero();
        }
    }

    @Test
    void aDeadLetterThatWasDoneAndNotAnsweredIsAppliedWhenItIsRepeatedAndKeptOnce() {
        try (Rig rig = new Rig()) {
            rig.send("hopeless");
            DeadLetter settlement = new DeadLetter(rig.claim(), "no such account", null);
            rig.faults.loseAnswers("update-disposition", 1);
            assertThat(rig.source.settle(List.of(settlement), BOUND)).containsExactly(UNKNOWN);
            await().atMost(TestEntity.PATIENCE).until(() -> rig.settle(settlement.asRepeated()) == APPLIED);
            assertThat(rig.entity.deadLetters()).extracting(DeadMessage::reason).containsExactly("no such account");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_DEAD_LETTER_WITHOUT_ERROR", "RELEASED_COUNTS"})
    void aDeadLetterWithALostLockIsLostWhateverTheServiceAnswers(Switch either) {
        try (Rig rig = new Rig(either)) {
            rig.send("taken over");
            Claim late = rig.claim();
            rig.server.advance(TestEntity.LOCK.plusSeconds(1));
            Claim again = rig.claim();
            assertThat(rig.settle(new DeadLetter(late, "too late", null))).isEqualTo(LOST);
            assertThat(rig.lost).containsExactly(late);
            assertThat(rig.settle(new Complete(again))).isEqualTo(APPLIED);
            assertThat(rig.entity.deadLetters()).isEmpty();
        }
    }

    @Test
    void aConnectionThatIsLostCostsNoClaimAndTheSourceClaimsOn() {
        try (Rig rig = new Rig()) {
            rig.send("held");
            Claim held = rig.claim();
            rig.server.dropConnections();
            Complete complete = new Complete(held);
            await().atMost(TestEntity.PATIENCE)
                    .until(() -> rig.settle(complete) == APPLIED || rig.settle(complete.asRepeated()) == APPLIED);
            String id = rig.send("next");
            assertThat(rig.claim().id()).isEqualTo(id);
        }
    }

    @Test
    void aLinkThatIsDetachedIsOpenedAgain() {
        try (Rig rig = new Rig()) {
            rig.send("held");
            Claim held = rig.claim();
            rig.server.detachLinks(rig.entity.path(), "amqp:link:detach-forced");
            await().atMost(TestEntity.PATIENCE).until(() -> rig.renew(held) == APPLIED);
            String id = rig.send("next");
            assertThat(rig.claim().id()).isEqualTo(id);
            assertThat(rig.settle(new Complete(held))).isEqualTo(APPLIED);
        }
    }

    @Test
    void whereLocksEndWithTheirConnectionTheClaimIsLost() {
        try (Rig rig = new Rig(Switch.LOCKS_END_WITH_CONNECTION)) {
            rig.send("held");
            Claim held = rig.claim();
            rig.server.dropConnections();
            await().atMost(TestEntity.PATIENCE).until(() -> rig.server.locked(rig.entity.path()) == 0);
            Verdict verdict =
                    await().atMost(TestEntity.PATIENCE).until(() -> rig.renew(held), renewed -> renewed != UNKNOWN);
            assertThat(verdict).isEqualTo(LOST);
            assertThat(rig.claim().attempt()).isEqualTo(2);
        }
    }

    @Test
    void aSettlementThatIsRefusedAfterManyRenewalsIsLostAndTheMessageComesBack() {
        try (Rig rig = new Rig(Switch.SETTLEMENT_REFUSED_AFTER_17_MINUTES)) {
            rig.send("very long");
            Claim claim = rig.claim();
            for (int i = 0; i < 20; i++) {
                rig.server.advance(Duration.ofSeconds(55));
                assertThat(rig.renew(claim)).isEqualTo(APPLIED);
            }
            assertThat(rig.settle(new Complete(claim))).isEqualTo(LOST);
            rig.server.advance(TestEntity.LOCK.plusSeconds(1));
            assertThat(rig.claim().attempt()).isEqualTo(2);
        }
    }

    /** The best-documented complaint about the SDK: a link that brings nothing, and nobody is told. */
    @Test
    void aLinkThatStaysSilentWhileThereAreMessagesIsOpenedAnew() {
        try (Rig rig = new Rig()) {
            rig.send("before");
            Claim before = rig.claim(); // from here on all is open, so that the next link is the one that stays silent
            rig.server.detachLinks(rig.entity.path(), "amqp:link:detach-forced");
            rig.faults.ignore("attach", 1);
            int links = rig.faults.seen("attach");
            String id = rig.send("waits");
            await().atMost(TestEntity.PATIENCE).until(() -> {
                List<Claim> claims = rig.claimOnce(1, Duration.ofMillis(500));
                // A message that was on its way to the link before comes again when its lock has ended.
                rig.server.advance(Duration.ofSeconds(5));
                rig.renew(before);
                return !claims.isEmpty() && claims.get(0).id().equals(id);
            });
            assertThat(rig.faults.seen("attach")).isGreaterThan(links + 1);
        }
    }

    @ParameterizedTest(name = "sessions: {0}")
    @ValueSource(booleans = {false, true})
    void anEntityThatIsDisabledUnderTheWorkerIsNamedAndClaimedFromWhenItIsEnabled(boolean sessions) {
        try (Rig rig = new Rig(options(sessions))) {
            rig.send("before");
            assertThat(rig.settle(new Complete(rig.claim()))).isEqualTo(APPLIED);
            rig.server.setDisabled(rig.entity.path(), true);
            awaitFailure(rig, "disabled");
            rig.server.setDisabled(rig.entity.path(), false);
            String id = rig.send("after");
            assertThat(claimInTheEnd(rig).id()).isEqualTo(id);
        }
    }

    @ParameterizedTest(name = "sessions: {0}")
    @ValueSource(booleans = {false, true})
    void anEntityThatIsDeletedUnderTheWorkerIsNamedAndClaimedFromWhenItIsMadeAgain(boolean sessions) {
        try (Rig rig = new Rig(options(sessions))) {
            rig.send("before");
            assertThat(rig.settle(new Complete(rig.claim()))).isEqualTo(APPLIED);
            rig.server.remove(rig.entity.path());
            awaitFailure(rig, "orders");
            rig.server.addQueue("orders", options(sessions));
            rig.entity.sendAgain("after");
            assertThat(claimInTheEnd(rig).text()).isEqualTo("after");
        }
    }

    private static EntityOptions options(boolean sessions) {
        return sessions ? TestEntity.OPTIONS.requireSession() : TestEntity.OPTIONS;
    }

    private static void awaitFailure(Rig rig, String words) {
        await().atMost(TestEntity.PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> rig.source.claim(1, Duration.ofMillis(100)))
                        .isInstanceOf(SourceException.class)
                        .hasMessageContaining(words));
    }

    /** Claims fail until the source has noticed that the entity is there again. */
    private static Claim claimInTheEnd(Rig rig) {
        return await().atMost(TestEntity.PATIENCE)
                .ignoreExceptions()
                .until(() -> rig.source.claim(1, Duration.ofMillis(500)), claims -> !claims.isEmpty())
                .get(0);
    }
}
