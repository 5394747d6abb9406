package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import java.util.List;

/** What counts as a try. */
interface AttemptRules {

    @Rule(
            value = "A try whose worker died counts, or a message that kills its workers would never end.",
            when = When.CRASHES_COUNTED)
    default void may_ATTEMPT_1_aCrashCounts(Bench bench) {
        assertThat(afterACrash(bench).attempt()).isEqualTo(2);
    }

    @Rule(
            value = "Where the broker does not count a crash, the attempt does not pretend to.",
            when = When.CRASHES_UNCOUNTED)
    default void may_ATTEMPT_2_anUncountedCrashIsNoAttempt(Bench bench) {
        assertThat(afterACrash(bench).attempt()).isEqualTo(1);
    }

    private static Claim afterACrash(Bench bench) {
        bench.send("fatal");
        Pod pod = bench.pod();
        pod.claim();
        bench.endLocksOf(pod);
        return bench.pod().claim();
    }

    @Rule("Only locks that ended unsettled are counted as such, not failures and not releases.")
    default void must_ATTEMPT_3_onlyEndedLocksCountAsExpired(Bench bench) {
        bench.send("well and badly treated");
        Pod pod = bench.pod();
        assertThat(pod.retry(pod.claim())).isEqualTo(APPLIED);
        Claim retried = pod.claim();
        assertThat(retried.expiredLocks()).as("after a retry").isZero();
        assertThat(pod.release(retried)).isEqualTo(APPLIED);
        assertThat(pod.claim().expiredLocks()).as("after a release").isZero();

        bench.endLocksOf(pod);

        assertThat(pod.claim().expiredLocks()).as("after the end of a lock").isLessThanOrEqualTo(1);
    }

    @Rule("The attempt stays honest through whatever happens to a message.")
    default void must_ATTEMPT_4_theAttemptIsHonestThroughEverything(Bench bench) {
        bench.send("well and badly treated");
        Pod pod = bench.pod();
        int expected = 1;
        for (String fate : List.of("release", "retry", "crash", "retry", "release", "crash")) {
            Claim claim = pod.claim();
            assertThat(claim.attempt()).as("attempt before %s", fate).isEqualTo(expected);
            switch (fate) {
                case "release" -> {
                    assertThat(pod.release(claim)).isEqualTo(APPLIED);
                    expected += bench.capabilities.releaseCounted() ? 1 : 0;
                }
                case "retry" -> {
                    assertThat(pod.retry(claim)).isEqualTo(APPLIED);
                    expected++;
                }
                default -> {
                    bench.endLocksOf(pod);
                    expected += bench.capabilities.crashesCounted() ? 1 : 0;
                }
            }
        }
        assertThat(pod.claim().attempt()).as("attempt at the end").isEqualTo(expected);
    }
}
