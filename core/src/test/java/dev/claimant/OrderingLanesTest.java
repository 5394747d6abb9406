package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Execution.Stage;
import dev.claimant.OrderingLanes.Leaving;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderingLanesTest {

    private final OrderingLanes lanes = new OrderingLanes();

    @Test
    void aMessageWithoutAKeyWaitsForNobodyAndLetsNobodyGo() {
        Execution first = of("a", null);
        assertThat(lanes.enter(first)).isTrue();
        assertThat(lanes.enter(of("b", null))).isTrue();
        assertThat(lanes.leave(first, true)).isEqualTo(Leaving.NOTHING);
    }

    @Test
    void onlyTheFirstOfAKeyMayRun() {
        assertThat(lanes.enter(of("a", "k"))).isTrue();
        assertThat(lanes.enter(of("b", "k"))).isFalse();
        assertThat(lanes.enter(of("c", "other"))).isTrue();
    }

    @Test
    void theNextOfAKeyFollowsInOrderWhenTheFirstIsDone() {
        Execution a = entered("a");
        Execution b = entered("b");
        Execution c = entered("c");
        assertThat(lanes.leave(a, true).next()).isSameAs(b);
        assertThat(lanes.leave(b, true).next()).isSameAs(c);
        assertThat(lanes.leave(c, true).next()).isNull();
        assertThat(lanes.enter(of("d", "k"))).isTrue();
    }

    @Test
    void allWhoWaitBehindOneThatLeavesUndoneLeaveToo() {
        Execution failed = entered("a");
        Execution waiting = entered("b");
        Execution leavingAlready = entered("c");
        Execution waitingToo = entered("d");
        leavingAlready.stage = Stage.SETTLING;
        Leaving leaving = lanes.leave(failed, false);
        assertThat(leaving.mustLeaveToo()).containsExactly(waiting, waitingToo);
        assertThat(leaving.next()).isNull();
    }

    @Test
    void nobodyGetsAheadOfThoseThatAreStillLeaving() {
        Execution failed = entered("a");
        Execution follower = entered("b");
        lanes.leave(failed, false);
        follower.stage = Stage.SETTLING;
        Execution late = of("c", "k");
        assertThat(lanes.enter(late)).isFalse();
        assertThat(lanes.leave(follower, false).mustLeaveToo()).containsExactly(late);
    }

    @Test
    void oneThatComesBackTakesItsOldPlace() {
        Execution failed = entered("a");
        Execution follower = entered("b");
        lanes.leave(failed, false);
        follower.stage = Stage.SETTLING;
        Execution back = of("a", "k");
        assertThat(lanes.enter(back)).isTrue();
        assertThat(lanes.leave(follower, false).mustLeaveToo()).isEmpty();
    }

    @Test
    void aSecondClaimOfTheSameMessageRunsAfterTheFirstIsLost() {
        Execution outlived = entered("a");
        Execution again = of("a", "k");
        assertThat(lanes.enter(again)).isFalse();
        Leaving leaving = lanes.leave(outlived, false);
        assertThat(leaving.mustLeaveToo()).isEmpty();
        assertThat(leaving.next()).isSameAs(again);
    }

    @Test
    void oneThatOnlyWaitedChangesNothingForThoseAheadOfIt() {
        Execution first = entered("a");
        Execution second = entered("b");
        assertThat(lanes.leave(second, false)).isEqualTo(Leaving.NOTHING);
        assertThat(lanes.leave(first, true).next()).isNull();
    }

    @Test
    void aClaimThatWasOnItsWayWhenAnEarlierOneLeftUndoneComesTooLate() {
        Execution failed = entered("a");
        long before = lanes.callBegins();
        lanes.leave(failed, false);
        long after = lanes.callBegins();
        assertThat(lanes.missedABreak(of("b", "k"), before)).isTrue();
        assertThat(lanes.missedABreak(of("b", "k"), after)).isFalse();
        assertThat(lanes.missedABreak(of("b", "other"), before)).isFalse();
        lanes.callEnds(before);
        lanes.callEnds(after);
        assertThat(lanes.missedABreak(of("b", "k"), before))
                .as("forgotten once no call can have missed it")
                .isFalse();
    }

    private Execution entered(String id) {
        Execution execution = of(id, "k");
        lanes.enter(execution);
        return execution;
    }

    private static Execution of(String id, @Nullable String key) {
        Message message = new Message(id, null, new byte[0], Map.of(), null, key);
        return new Execution(new Claim(message, 1, 1, 0, Claim.NO_EXPIRY, -1));
    }
}
