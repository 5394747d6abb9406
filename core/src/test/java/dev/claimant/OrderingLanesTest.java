package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Execution.Stage;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderingLanesTest {

    private final OrderingLanes lanes = new OrderingLanes();

    @Test
    void aMessageWithoutAKeyWaitsForNobody() {
        assertThat(lanes.enter(of(null))).isTrue();
        assertThat(lanes.enter(of(null))).isTrue();
    }

    @Test
    void onlyTheFirstOfAKeyMayRun() {
        assertThat(lanes.enter(of("k"))).isTrue();
        assertThat(lanes.enter(of("k"))).isFalse();
        assertThat(lanes.enter(of("other"))).isTrue();
    }

    @Test
    void theNextOfAKeyFollowsInOrderWhenTheFirstIsDone() {
        Execution first = entered("k");
        Execution second = entered("k");
        Execution third = entered("k");

        assertThat(lanes.next(first)).isSameAs(second);
        assertThat(lanes.next(second)).isSameAs(third);
        assertThat(lanes.next(third)).isNull();
    }

    @Test
    void aKeyIsFreeAgainWhenItsLastIsDone() {
        lanes.next(entered("k"));

        assertThat(lanes.enter(of("k"))).isTrue();
    }

    @Test
    void thoseThatStoppedToWaitArePassedOver() {
        Execution first = entered("k");
        Execution lost = entered("k");
        Execution third = entered("k");
        lost.stage = Stage.OVER;

        assertThat(lanes.next(first)).isSameAs(third);
    }

    @Test
    void allWhoWaitBehindAFailedMessageLeaveWithIt() {
        Execution failed = entered("k");
        Execution second = entered("k");
        Execution lost = entered("k");
        Execution fourth = entered("k");
        lost.stage = Stage.OVER;
        failed.stage = Stage.OVER;

        assertThat(lanes.disperse(failed)).containsExactly(second, fourth);
    }

    @Test
    void aKeyIsFreeAgainAfterItsMessagesLeft() {
        lanes.disperse(entered("k"));

        assertThat(lanes.enter(of("k"))).isTrue();
    }

    @Test
    void oneThatOnlyWaitedChangesNothingForThoseBehindIt() {
        Execution first = entered("k");
        Execution second = entered("k");
        Execution third = entered("k");
        second.stage = Stage.OVER;

        assertThat(lanes.disperse(second)).isEmpty();
        assertThat(lanes.next(second)).isNull();
        assertThat(lanes.next(first)).isSameAs(third);
    }

    @Test
    void aMessageWithoutAKeyLetsNobodyGo() {
        Execution none = of(null);
        lanes.enter(none);
        entered("k");

        assertThat(lanes.next(none)).isNull();
        assertThat(lanes.disperse(none)).isEmpty();
    }

    private Execution entered(String key) {
        Execution execution = of(key);
        lanes.enter(execution);
        return execution;
    }

    private static Execution of(@Nullable String key) {
        Message message = new Message("m", null, new byte[0], Map.of(), null, key);
        return new Execution(new Claim(message, 1, 1, 0, Claim.NO_EXPIRY, -1));
    }
}
