package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.Kind;
import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SettlingTest {

    private static final Duration LOCK = InMemoryQueue.allCapabilities().lockLength();

    private final Rig rig = Rig.configured(settings -> settings.slots = 4);
    private final List<Execution> running = new ArrayList<>();

    @Test
    void whatIsDecidedDuringACallGoesTogetherInTheNext() {
        begin("a", "b", "c");
        rig.succeed(running(0));
        List<Execution> underWay = rig.engine.settling.poll(Kind.COMPLETE);
        rig.succeed(running(1));
        rig.succeed(running(2));
        rig.engine.settler.settle(underWay);
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Complete a", "Complete b, Complete c");
    }

    @Test
    void afterACallEndsGatherForAMomentWhileHandlersRun() {
        begin("a", "b", "c", "d");
        rig.succeed(running(0));
        rig.settle();
        rig.succeed(running(1));
        rig.settle();
        rig.succeed(running(2));
        rig.advance(Duration.ofMillis(1));
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Complete a", "Complete b, Complete c");
    }

    @Test
    void theEndOfTheLastHandlerWaitsForNoOther() {
        begin("a", "b");
        rig.succeed(running(0));
        rig.settle();
        rig.succeed(running(1));
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Complete a", "Complete b");
    }

    @Test
    void oneCallCarriesAtMostFiveHundred() {
        Rig wide = Rig.configured(settings -> settings.slots = 501);
        for (int i = 0; i < 501; i++) {
            wide.send("m" + i);
        }
        wide.claim();
        for (Execution next = wide.startIfAny(); next != null; next = wide.startIfAny()) {
            wide.succeed(next);
        }
        wide.settle();
        wide.settle();
        assertThat(wide.asked.settleCalls).extracting(List::size).containsExactly(500, 1);
    }

    @Test
    void oneCallCarriesOneKind() {
        begin("a", "b", "c", "d");
        rig.succeed(running(0));
        rig.fail(running(1), new Exception("once more"));
        rig.fail(running(2), new PermanentFailure("never"));
        rig.succeed(running(3));
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Complete a, Complete d", "Retry b", "DeadLetter c");
    }

    @Test
    void aSlowDeadLetterDelaysNoCompletion() {
        begin("bad", "good");
        rig.fail(running(0), new PermanentFailure("never"));
        List<Execution> slow = rig.engine.settling.poll(Kind.DEAD_LETTER);
        rig.succeed(running(1));
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Complete good APPLIED");
        rig.engine.settler.settle(slow);
        assertThat(rig.heard.settled).containsExactly("Complete good APPLIED", "DeadLetter bad APPLIED");
    }

    @Test
    void eachClaimGetsItsOwnVerdict() {
        begin("a", "b", "c");
        rig.source.expireLock(running(1).claim);
        for (int i = 0; i < 3; i++) {
            rig.succeed(running(i));
        }
        rig.asked.answerSettlements(verdicts -> List.of(verdicts.get(0), verdicts.get(1), Verdict.UNKNOWN));
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED", "Complete b LOST");
        assertThat(rig.stats().unsettled()).isEqualTo(1);
    }

    @Test
    void aLostClaimIsToldAndFreesTheBudgetAndIsNeverAskedAgain() {
        begin("a");
        rig.source.expireLock(running(0).claim);
        rig.succeed(running(0));
        rig.settle();
        rig.advance(LOCK);
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Complete a");
        assertThat(rig.heard.settled).containsExactly("Complete a LOST");
        assertThat(rig.stats().unsettled()).isZero();
        assertThat(rig.stats().held()).isZero();
    }

    @Test
    void settlementsGatherForAsLongAsTheSourceAsks() {
        Rig slow = gathering(10, Duration.ofMillis(100), settings -> settings.slots = 4);
        begin(slow, "a", "b", "c", "d");
        slow.succeed(running(0));
        slow.settle();
        slow.succeed(running(1));
        slow.advance(Duration.ofMillis(99));
        slow.settle();
        assertThat(slow.asked.settled()).containsExactly("Complete a");
        slow.succeed(running(2));
        slow.advance(Duration.ofMillis(1));
        slow.settle();
        assertThat(slow.asked.settled()).containsExactly("Complete a", "Complete b, Complete c");
    }

    @Test
    void aFullBatchGathersNoLonger() {
        Rig slow = gathering(2, Duration.ofMillis(100), settings -> settings.slots = 4);
        begin(slow, "a", "b", "c", "d");
        slow.succeed(running(0));
        slow.settle();
        slow.succeed(running(1));
        slow.succeed(running(2));
        slow.settle();
        assertThat(slow.asked.settled()).containsExactly("Complete a", "Complete b, Complete c");
    }

    @Test
    void aDrainGathersNothing() {
        Rig slow = gathering(10, Duration.ofMillis(100), settings -> settings.slots = 4);
        begin(slow, "a", "b", "c");
        slow.succeed(running(0));
        slow.settle();
        slow.succeed(running(1));
        slow.engine.drain.begin();
        slow.settle();
        assertThat(slow.asked.settled()).containsExactly("Complete a", "Complete b");
    }

    @Test
    void nothingGathersWhereOrderIsKept() {
        Rig slow = gathering(10, Duration.ofMillis(100), settings -> {
            settings.slots = 4;
            settings.ordered = true;
        });
        begin(slow, "a", "b", "c");
        slow.succeed(running(0));
        slow.settle();
        slow.succeed(running(1));
        slow.settle();
        assertThat(slow.asked.settled()).containsExactly("Complete a", "Complete b");
    }

    @Test
    void settlementsThatHoldUpAClaimGatherNoLonger() {
        Rig slow = gathering(10, Duration.ofMillis(100), settings -> {
            settings.slots = 4;
            settings.prefetch = 0;
            settings.maxUnsettled = 4;
        });
        begin(slow, "a", "b", "c", "d");
        slow.succeed(running(0));
        slow.settle();
        slow.succeed(running(1));
        slow.settle();
        slow.send("e", "f");
        assertThat(slow.claim()).as("one end waits, and there is room for two").isEqualTo(2);
        slow.start();
        slow.start();
        slow.fail(running(2), new Exception("once more"));
        slow.settle();
        assertThat(slow.asked.settled()).as("the first of its kind").containsExactly("Complete a", "Retry c");
        slow.succeed(running(3));
        slow.send("g", "h", "i");
        assertThat(slow.claim()).isEqualTo(2);
        slow.succeed(slow.start());
        slow.settle();
        assertThat(slow.asked.settled()).hasSize(2);
        slow.succeed(slow.start());
        slow.settle();
        assertThat(slow.asked.settled()).last().asString().contains("Complete b, Complete d");
    }

    private static Rig gathering(int batch, Duration linger, Consumer<Settings> configure) {
        return Rig.with(
                InMemoryQueue.allCapabilities()
                        .with(all -> all.settlementBatch(batch).settlementLinger(linger)),
                configure);
    }

    private void begin(String... ids) {
        begin(rig, ids);
    }

    private void begin(Rig rig, String... ids) {
        rig.send(ids);
        rig.claim();
        for (int i = 0; i < ids.length; i++) {
            running.add(rig.start());
        }
    }

    private Execution running(int i) {
        return running.get(i);
    }
}
