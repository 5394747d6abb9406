package dev.claimant.sample.keda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.ScalingStrategy.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Three messages that outlast every poll. A pod runs one poll after its Job was created, and has claimed one poll later. */
class JobSequenceTest {

    private static final int MESSAGES = 3;

    /** What the trigger counts. */
    private enum Metric {
        WITH_IN_FLIGHT,
        CLAIMABLE_ONLY
    }

    @Test
    void defaultOnAMetricThatCountsWorkInFlightCreatesOneJobPerMessage() {
        assertThat(jobsAfterEachPoll(Specs.strategy(Kind.DEFAULT), Metric.WITH_IN_FLIGHT))
                .containsExactly(3, 3, 3, 3, 3);
    }

    @Test
    void accurateOnAMetricThatCountsWorkInFlightRunsAwayToTheMaximum() {
        assertThat(jobsAfterEachPoll(Specs.strategy(Kind.ACCURATE), Metric.WITH_IN_FLIGHT))
                .containsExactly(3, 6, 9, 10, 10);
    }

    @Test
    void eagerOnAMetricThatCountsWorkInFlightRunsAwayToTheMaximum() {
        assertThat(jobsAfterEachPoll(Specs.strategy(Kind.EAGER), Metric.WITH_IN_FLIGHT))
                .containsExactly(3, 6, 9, 10, 10);
    }

    @Test
    void accurateOnClaimableMessagesCreatesJobsTwiceWhilePodsRunThatHaveNotClaimedYet() {
        assertThat(jobsAfterEachPoll(Specs.strategy(Kind.ACCURATE), Metric.CLAIMABLE_ONLY))
                .containsExactly(3, 6, 6, 6, 6);
    }

    @Test
    void accurateOnClaimableMessagesCreatesOneJobPerMessageWhenPodsAreReadyOnlyOnceTheyHaveClaimed() {
        assertThat(jobsAfterEachPoll(Specs.strategy(Kind.ACCURATE, "Ready"), Metric.CLAIMABLE_ONLY))
                .containsExactly(3, 3, 3, 3, 3);
    }

    @Test
    void twoJobsThatAlwaysRunComeOnTopOfTheOneThatTheMessageAsksFor() {
        ScaledJob job = Specs.scaledJob(Specs.strategy(Kind.DEFAULT), 2, OptionalInt.of(10));

        assertThat(job.jobsToCreate(Specs.readings(1), 0, 0)).isEqualTo(2);
        assertThat(job.jobsToCreate(Specs.readings(1), 2, 2)).isEqualTo(1);
        assertThat(job.jobsToCreate(Specs.readings(1), 3, 1)).isZero();
    }

    private static List<Integer> jobsAfterEachPoll(ScalingStrategy strategy, Metric metric) {
        ScaledJob scaledJob = Specs.scaledJob(strategy, 0, OptionalInt.of(10));
        List<Integer> jobAges = new ArrayList<>();
        List<Integer> totals = new ArrayList<>();
        for (int poll = 0; poll < 5; poll++) {
            jobAges.replaceAll(age -> age + 1);
            int claimed = Math.min(
                    MESSAGES, (int) jobAges.stream().filter(age -> age >= 2).count());
            int pending = (int)
                    jobAges.stream().filter(age -> isPending(strategy, age)).count();
            int counted = metric == Metric.WITH_IN_FLIGHT ? MESSAGES : MESSAGES - claimed;
            int created = scaledJob.jobsToCreate(Specs.readings(counted), jobAges.size(), pending);
            for (int job = 0; job < created; job++) {
                jobAges.add(0);
            }
            totals.add(jobAges.size());
        }
        return totals;
    }

    private static boolean isPending(ScalingStrategy strategy, int age) {
        return strategy.isPending(age >= 1, age >= 2 ? Set.of("Ready", "ContainersReady") : Set.of());
    }
}
