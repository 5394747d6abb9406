package dev.claimant.sample.keda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.ScalingStrategy.Calculation;
import dev.claimant.sample.keda.ScalingStrategy.Kind;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingStrategyTest {

    /** The numbers of KEDA's own scale_jobs_test.go. */
    @ParameterizedTest(name = "{0}: {1} wanted, {2} running of which {3} pending, limit {4} -> {5}")
    @CsvSource({
        "DEFAULT, 3, 2, 0, 5, 1",
        "DEFAULT, 2, 0, 0, 5, 2",
        "ACCURATE, 3, 2, 0, 5, 3",
        "ACCURATE, 5, 2, 0, 5, 3",
        "ACCURATE, 3, 4, 2, 10, 1",
        "ACCURATE, 5, 4, 2, 5, 1",
        "ACCURATE, 3, 3, 3, 5, 0",
        "ACCURATE, 15, 15, 15, 20, 0",
        "ACCURATE, 10, 10, 10, 15, 0",
        "ACCURATE, 20, 15, 10, 20, 5",
        "EAGER, 4, 3, 0, 10, 4",
        "EAGER, 4, 0, 3, 10, 4",
        "EAGER, 4, 7, 0, 10, 3",
        "EAGER, 4, 1, 6, 10, 3",
        "EAGER, 15, 0, 0, 10, 10",
    })
    void batchesAsKedaDoes(Kind kind, int wanted, int running, int pending, int limit, int created) {
        assertThat(Specs.strategy(kind).batch(new Demand(1000, wanted), running, pending, limit))
                .isEqualTo(created);
    }

    @ParameterizedTest(name = "deduction {0}, share {1}: {2} wanted, {3} running, limit {4} -> {5}")
    @CsvSource({
        "1, 0.5, 3, 2, 5, 1",
        "1, 0.5, 10, 0, 10, 9",
        "2, 0, 3, 2, 5, 1",
        "-2, 0, 3, 2, 4, 4",
        "0, 0.5, 10, 2, 100, 9",
        "0, 0.5, 10, 3, 100, 9",
    })
    void customTakesItsDeductionAndItsShareOfRunningJobsOff(
            int deduction, double share, int wanted, int running, int limit, int created) {
        ScalingStrategy custom = new ScalingStrategy(Kind.CUSTOM, deduction, share, List.of(), Calculation.MAX);

        assertThat(custom.batch(new Demand(1000, wanted), running, 0, limit)).isEqualTo(created);
    }

    @Test
    void customBoundsABatchNotTheTotal() {
        ScalingStrategy custom = new ScalingStrategy(Kind.CUSTOM, 0, 0, List.of(), Calculation.MAX);
        ScaledJob job = Specs.scaledJob(custom, 0, OptionalInt.of(10));

        assertThat(job.jobsToCreate(Specs.readings(50), 10, 0)).isEqualTo(10);
    }

    @Test
    void defaultCreatesNothingWhileAsManyJobsRunAsThereAreMessages() {
        assertThat(Specs.scaledJob(Kind.DEFAULT, 10).jobsToCreate(Specs.readings(5), 5, 0))
                .isZero();
        assertThat(Specs.scaledJob(Kind.DEFAULT, 10).jobsToCreate(Specs.readings(5), 7, 0))
                .isZero();
    }

    @Test
    void aFailedJobIsReplacedWhileItsMessageIsStillCounted() {
        assertThat(Specs.scaledJob(Kind.DEFAULT, 10).jobsToCreate(Specs.readings(3), 2, 0))
                .isEqualTo(1);
    }

    @Test
    void theMetricItselfBoundsABatchWhateverTheTarget() {
        Reading oneMessageForFourJobs = new Reading(Specs.target(0.25), 1);
        Reading tenMessagesForTwoJobs = new Reading(Specs.target(5), 10);
        ScaledJob job = Specs.scaledJob(Kind.DEFAULT, 10);

        assertThat(job.jobsToCreate(List.of(oneMessageForFourJobs), 0, 0)).isEqualTo(1);
        assertThat(job.jobsToCreate(List.of(tenMessagesForTwoJobs), 0, 0)).isEqualTo(2);
    }

    @Test
    void theMetricItselfDoesNotBoundEager() {
        Reading twoMessagesForEightJobs = new Reading(Specs.target(0.25), 2);

        assertThat(Specs.scaledJob(Kind.EAGER, 10).jobsToCreate(List.of(twoMessagesForEightJobs), 0, 0))
                .isEqualTo(8);
    }

    @Test
    void aMetricThatIsNotAboveTheActivationCreatesNothing() {
        Trigger above3 = new Trigger("postgresql", Map.of(), 1, 3);
        ScaledJob job = Specs.scaledJob(Kind.DEFAULT, 10);

        assertThat(job.jobsToCreate(List.of(new Reading(above3, 3)), 0, 0)).isZero();
        assertThat(job.jobsToCreate(List.of(new Reading(above3, 4)), 0, 0)).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-1", "0"})
    void aMetricThatIsNoAmountCreatesNothing(double value) {
        assertThat(Specs.scaledJob(Kind.DEFAULT, 10).jobsToCreate(Specs.readings(value), 0, 0))
                .isZero();
    }

    @Test
    void aScalerThatFailedCreatesNothing() {
        assertThat(Specs.scaledJob(Kind.DEFAULT, 10).jobsToCreate(List.of(), 0, 0))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"MAX, 9", "MIN, 2", "SUM, 11", "AVG, 6"})
    void severalTriggersBecomeOneAsTheCalculationSays(Calculation calculation, int created) {
        ScalingStrategy strategy = new ScalingStrategy(Kind.DEFAULT, 0, Double.NaN, List.of(), calculation);

        assertThat(Specs.scaledJob(strategy, 0, OptionalInt.of(20)).jobsToCreate(Specs.readings(2, 9, 0), 0, 0))
                .isEqualTo(created);
    }

    @Test
    void aMinimumTakesItsPartOfASetMaximumButNotOfTheDefaultOne() {
        ScalingStrategy strategy = Specs.strategy(Kind.DEFAULT);

        assertThat(Specs.scaledJob(strategy, 2, OptionalInt.of(10)).jobsToCreate(Specs.readings(500), 2, 0))
                .isEqualTo(8);
        assertThat(Specs.scaledJob(strategy, 2, OptionalInt.empty()).jobsToCreate(Specs.readings(500), 2, 0))
                .isEqualTo(100);
    }

    @Test
    void aMinimumAboveTheMaximumCountsAsTheMaximumTwice() {
        ScaledJob job = Specs.scaledJob(Specs.strategy(Kind.DEFAULT), 8, OptionalInt.of(5));

        assertThat(job.jobsToCreate(Specs.readings(500), 0, 0)).isEqualTo(5);
        assertThat(job.jobsToCreate(Specs.readings(500), 5, 0)).isEqualTo(5);
    }

    @Test
    void anotherMaximumChangesNothingElse() {
        ScaledJob job = Specs.scaledJob(Kind.DEFAULT, 10);

        assertThat(job.withMaxReplicaCount(4)).isEqualTo(Specs.scaledJob(Kind.DEFAULT, 4));
    }
}
