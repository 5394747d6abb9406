package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of an end that the source did not answer. */
class RepeatedSettlingTest {

    private static final Duration LOCK = InMemoryQueue.allCapabilities().lockLength();
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Rig rig = Rig.standard();

    @Test
    void whatIsNotAnsweredIsAskedAgainAfterAPauseAndMarkedRepeated() {
        Execution running = startOne("a");
        rig.source.unreachable(true);
        rig.succeed(running);
        rig.settle();
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Complete a");
        rig.source.unreachable(false);
        rig.advance(LONGEST_PAUSE);
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Complete a", "Complete a again");
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void theLockOfAnEndThatMayHaveArrivedIsNotRenewed() {
        Execution running = startOne("a");
        startOne("b");
        rig.source.unreachable(true);
        rig.succeed(running);
        rig.settle();
        rig.advance(LOCK.dividedBy(3));
        assertThat(rig.renew()).as("only b").isEqualTo(1);
    }

    @Test
    void aPauseAfterNoAnswerHoldsUpNoOtherKind() {
        Execution running = startOne("a");
        Execution other = startOne("b");
        rig.source.unreachable(true);
        rig.succeed(running);
        rig.settle();
        rig.source.unreachable(false);
        rig.fail(other, new Exception("once more"));
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Retry b APPLIED");
    }

    @Test
    void goneWhileOurLockHeldMeansThatItWasUs() {
        Execution running = startOne("a");
        rig.source.losesAnswers(true);
        rig.succeed(running);
        rig.settle();
        assertThat(rig.queue.backlog().scaler()).isZero();
        assertThat(rig.heard.settled).isEmpty();
        rig.source.losesAnswers(false);
        rig.advance(LONGEST_PAUSE);
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void noAnswerIsFinalOnceTheLockHasRunOut() {
        Execution running = startOne("a");
        rig.source.unreachable(true);
        rig.succeed(running);
        rig.settle();
        rig.advance(LOCK);
        rig.settle();
        rig.advance(LOCK);
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Complete a", "Complete a again");
        assertThat(rig.heard.settled).containsExactly("Complete a UNKNOWN");
        assertThat(rig.stats().held()).isZero();
    }

    private Execution startOne(String id) {
        rig.send(id);
        rig.claim();
        return rig.start();
    }
}
