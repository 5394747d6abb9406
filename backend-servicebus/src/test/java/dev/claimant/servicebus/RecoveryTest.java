package dev.claimant.servicebus;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.Switch;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lasts, and how the source comes out of it: busy servers, dead connections, links that stay broken, idle hours. */
@Execution(ExecutionMode.CONCURRENT)
class RecoveryTest {

    private static final Duration BOUND = Duration.ofSeconds(1);
    private static final String BUSY = "com.microsoft:server-busy";

    private static Rig rig(boolean sessions) {
        return new Rig(options(sessions));
    }

    private static EntityOptions options(boolean sessions) {
        return sessions ? TestEntity.OPTIONS.requireSession() : TestEntity.OPTIONS;
    }

    private static Stream<Function<Claim, Settlement>> settlements() {
        return Stream.of(Complete::new, Release::new, claim -> new DeadLetter(claim, "no such account", null));
    }

    /** Service Bus settles the delivery with its refusal, and the SDK waits for another answer: so the next try goes another way. */
    @ParameterizedTest
    @MethodSource("settlements")
    void aSettlementThatIsRefusedAsBusyIsDoneWithinTheLock(Function<Claim, Settlement> end) {
        try (Rig rig = new Rig()) {
            rig.send("settled");
            Settlement settlement = end.apply(rig.claim());
            rig.faults.fail(operation(settlement), 1, BUSY);
            rig.faults.fail("update-disposition", 2, BUSY);
            assertThat(rig.source.settle(List.of(settlement), BOUND)).containsExactly(UNKNOWN);
            await().atMost(TestEntity.PATIENCE)
                    .until(() -> rig.source
                            .settle(List.of(settlement.asRepeated()), BOUND)
                            .contains(APPLIED));
            assertThat(rig.server.locked(rig.entity.path())).isZero();
            assertThat(rig.active()).isEqualTo(settlement instanceof Release ? 1 : 0);
        }
    }

    private static String operation(Settlement settlement) {
        return settlement instanceof Complete ? "complete" : settlement instanceof Release ? "abandon" : "dead-letter";
    }

    @Test
    void aSettlementOfASessionThatIsRefusedAsBusyIsDoneWithinTheLock() {
        try (Rig rig = rig(true)) {
            rig.send("settled");
            Complete complete = new Complete(rig.claim());
            rig.faults.fail("complete", 1, BUSY);
            assertThat(rig.source.settle(List.of(complete), BOUND)).containsExactly(UNKNOWN);
            await().atMost(TestEntity.PATIENCE)
                    .until(() -> rig.source
                            .settle(List.of(complete.asRepeated()), BOUND)
                            .contains(APPLIED));
            assertThat(rig.active()).isZero();
        }
    }

    /** Each has its own answer: those that are missing cost the others nothing. */
    @Test
    void ofManySettlementsAtOnceTheUnansweredAreUnknownAndTheOthersDone() {
        int count = 60;
        try (Rig rig = new Rig()) {
            sendAll(rig, count);
            List<Claim> claims = rig.claim(count);
            rig.faults.ignore("complete", 3);
            List<Verdict> verdicts = rig.source.settle(
                    claims.stream().<Settlement>map(Complete::new).toList(), Duration.ofSeconds(3));
            assertThat(verdicts).hasSize(count);
            assertThat(Collections.frequency(verdicts, UNKNOWN)).isEqualTo(3);
            assertThat(Collections.frequency(verdicts, APPLIED)).isEqualTo(count - 3);
            List<Settlement> again = IntStream.range(0, count)
                    .filter(i -> verdicts.get(i) == UNKNOWN)
                    .<Settlement>mapToObj(i -> new Complete(claims.get(i)).asRepeated())
                    .toList();
            assertThat(rig.source.settle(again, TestEntity.PATIENCE)).containsOnly(APPLIED);
            assertThat(rig.active()).isZero();
        }
    }

    @Test
    void ofManyRenewalsAtOnceTheUnansweredAreUnknownAndTheOthersDone() {
        int count = 60;
        try (Rig rig = new Rig()) {
            sendAll(rig, count);
            List<Claim> claims = rig.claim(count);
            rig.faults.ignore("renew-lock", 3);
            List<Verdict> verdicts = rig.source.renew(claims, Duration.ofSeconds(3));
            assertThat(Collections.frequency(verdicts, UNKNOWN)).isEqualTo(3);
            assertThat(Collections.frequency(verdicts, APPLIED)).isEqualTo(count - 3);
            assertThat(rig.source.renew(claims, TestEntity.PATIENCE)).containsOnly(APPLIED);
        }
    }

    private static void sendAll(Rig rig, int count) {
        rig.entity.sendAll(IntStream.range(0, count)
                .mapToObj(i -> new ServiceBusMessage("m" + i))
                .toList());
    }

    /** Nothing that the server still says gets through, and nobody ends the connection. */
    @Test
    void aConnectionOnWhichNothingIsHeardIsReplacedWhileTheLocksHold() {
        try (Rig rig = new Rig()) {
            rig.send("held");
            Claim held = rig.claim();
            rig.server.silenceConnections();
            await().atMost(TestEntity.LOCK.dividedBy(2))
                    .until(() -> rig.source
                            .renew(List.of(held), Duration.ofSeconds(3))
                            .contains(APPLIED));
            assertThat(rig.settle(new Complete(held))).isEqualTo(APPLIED);
            assertThat(rig.lost).isEmpty();
            rig.entity.sendAgain("next");
            assertThat(rig.claim().text()).isEqualTo("next");
        }
    }

    @Test
    void aConnectionThatWasLeftEnds() {
        try (Rig rig = new Rig()) {
            sendAll(rig, 1);
            Claim held = rig.claim();
            for (int i = 0; i < 3; i++) {
                rig.server.silenceConnections();
                await().atMost(TestEntity.PATIENCE)
                        .until(() -> rig.source
                                .renew(List.of(held), Duration.ofSeconds(2))
                                .contains(APPLIED));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> rig.server.connections() == 1);
            assertThat(rig.settle(new Complete(held))).isEqualTo(APPLIED);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWorkerThatOnlyWaitsLeavesADeadConnectionToo(boolean sessions) {
        try (Rig rig = rig(sessions)) {
            rig.send("before");
            assertThat(rig.settle(new Complete(rig.claim()))).isEqualTo(APPLIED);
            rig.server.silenceConnections();
            rig.entity.sendAgain("after");
            rig.server.advance(TestEntity.LOCK); // what went to the dead connection comes again, and a session is free
            assertThat(claimInTheEnd(rig).text()).isEqualTo("after");
        }
    }

    @Test
    void whereLocksEndWithTheirConnectionALostAnswerCostsNoOtherClaim() {
        try (Rig rig = new Rig(Switch.LOCKS_END_WITH_CONNECTION)) {
            sendAll(rig, 2);
            List<Claim> claims = rig.claim(2);
            rig.faults.ignore("renew-lock", 1);
            assertThat(rig.source.renew(claims.subList(0, 1), Duration.ofSeconds(3)))
                    .containsExactly(UNKNOWN);
            assertThat(rig.source.renew(claims, TestEntity.PATIENCE)).containsExactly(APPLIED, APPLIED);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLinkThatStaysRefusedMakesTheWorkerNotAliveUntilAMessageComes(boolean sessions) {
        try (Rig rig = rig(sessions);
                ServiceBusSource source =
                        ServiceBusSource.of(rig.entity.config().silence(BOUND).build())) {
            source.open(Rig.PLAN, rig);
            rig.faults.fail("attach", Integer.MAX_VALUE, "amqp:unauthorized-access");
            rig.awaitBroken(source);
            assertThat(rig.broken).contains("orders");
            rig.faults.clear();
            rig.send("after");
            await().atMost(TestEntity.PATIENCE)
                    .ignoreExceptionsInstanceOf(SourceException.class)
                    .until(() -> !source.claim(1, BOUND).isEmpty());
            assertThat(rig.broken).isNull();
        }
    }

    /** Whatever this worker holds is there, and says nothing about the link. */
    @Test
    void aLinkThatBringsNothingBecauseThisWorkerHoldsEverythingStaysOpen() {
        try (Rig rig = new Rig()) {
            sendAll(rig, 3);
            rig.claim(3);
            int links = rig.faults.seen("attach");
            int looks = rig.faults.seen("peek-message");
            await().atMost(TestEntity.PATIENCE).until(() -> {
                assertThat(rig.claimOnce(1, BOUND)).isEmpty();
                return rig.faults.seen("peek-message") >= looks + 3;
            });
            assertThat(rig.faults.seen("attach")).isLessThanOrEqualTo(links + 2); // those of the management node
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLinkThatIsRefusedAsBusyComesWhenTheServerHasTime(boolean sessions) {
        try (Rig rig = rig(sessions)) {
            rig.send("waits");
            rig.faults.fail("attach", 3, BUSY);
            assertThat(claimInTheEnd(rig).text()).isEqualTo("waits");
            assertThat(rig.broken).isNull();
        }
    }

    /** A new process would find it disabled too, and end at its start. */
    @Test
    void anEntityThatStaysDisabledIsNamedAndTheWorkerStaysAlive() {
        try (Rig rig = new Rig();
                ServiceBusSource source =
                        ServiceBusSource.of(rig.entity.config().silence(BOUND).build())) {
            source.open(Rig.PLAN, rig);
            rig.server.setDisabled(rig.entity.path(), true);
            int links = rig.faults.seen("attach");
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                assertThatThrownBy(() -> source.claim(1, BOUND)).isInstanceOf(SourceException.class);
                return rig.faults.seen("attach") >= links + 12; // longer than the bound
            });
            assertThat(rig.broken).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsHeldWhenItsEntityIsDisabledIsSettledWhenItIsEnabled(boolean sessions) {
        try (Rig rig = rig(sessions)) {
            rig.send("held");
            Claim held = rig.claim();
            rig.server.setDisabled(rig.entity.path(), true);
            await().atMost(TestEntity.PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> rig.source.claim(1, Duration.ofMillis(100)))
                            .isInstanceOf(SourceException.class)
                            .hasMessageContaining("disabled"));
            rig.server.setDisabled(rig.entity.path(), false);
            Verdict verdict = await().atMost(TestEntity.PATIENCE)
                    .ignoreExceptionsInstanceOf(SourceException.class)
                    .until(() -> rig.settle(new Complete(held)), settled -> settled != UNKNOWN);
            assertThat(verdict).isEqualTo(sessions ? LOST : APPLIED); // a session ends with its link
            if (sessions) {
                assertThat(claimInTheEnd(rig).text()).isEqualTo("held");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsHeldWhenItsEntityIsDeletedIsLostAndTheEntitysNextMessagesCome(boolean sessions) {
        try (Rig rig = rig(sessions)) {
            rig.send("gone");
            Claim gone = rig.claim();
            rig.server.remove(rig.entity.path());
            await().atMost(TestEntity.PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> rig.source.claim(1, Duration.ofMillis(100)))
                            .isInstanceOf(SourceException.class)
                            .hasMessageContaining("orders"));
            rig.server.addQueue("orders", options(sessions));
            rig.entity.sendAgain("after");
            assertThat(claimInTheEnd(rig).text()).isEqualTo("after");
            Verdict verdict = await().atMost(TestEntity.PATIENCE)
                    .ignoreExceptionsInstanceOf(SourceException.class)
                    .until(() -> rig.settle(new Complete(gone)), settled -> settled != UNKNOWN);
            assertThat(verdict).isEqualTo(LOST);
        }
    }

    /** Claims fail until the source has noticed that all is well again. */
    private static Claim claimInTheEnd(Rig rig) {
        return await().atMost(TestEntity.PATIENCE)
                .ignoreExceptionsInstanceOf(SourceException.class)
                .until(() -> rig.source.claim(1, Duration.ofMillis(500)), claims -> !claims.isEmpty())
                .get(0);
    }
}
