package dev.claimant.sample.keda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.keda.ScaledObject.Behavior;
import dev.claimant.sample.keda.ScalingRules.Policy;
import dev.claimant.sample.keda.ScalingRules.Select;
import dev.claimant.sample.keda.ScalingRules.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HpaTest {

    private static final Instant START = Instant.EPOCH;

    @ParameterizedTest(name = "{0} messages, target 1, {1} pods -> {2}")
    @CsvSource({"11, 10, 10", "11.001, 10, 12", "9, 10, 10", "8.999, 10, 9", "10, 10, 10"})
    void nothingHappensWithinATenthOfTheTarget(double messages, int replicas, int wanted) {
        assertThat(once(withBehavior(ScalingRules.UP, Specs.DOWN_AT_ONCE), replicas, messages))
                .isEqualTo(wanted);
    }

    @Test
    void aSmallerToleranceLetsTheLastReplicaStart() {
        ScalingRules exact = new ScalingRules(Duration.ZERO, Select.MAX, ScalingRules.UP.policies(), 0.01);

        assertThat(once(withBehavior(exact, ScalingRules.DOWN), 10, 11)).isEqualTo(11);
    }

    @Test
    void withABehaviorItAddsFourPodsOrAsManyAsThereAre() {
        assertThat(everyFifteenSeconds(withBehavior(ScalingRules.UP, ScalingRules.DOWN), 1, 100, 6))
                .containsExactly(5, 10, 20, 40, 50, 50);
    }

    @Test
    void withoutABehaviorItDoublesOrGoesToFour() {
        assertThat(everyFifteenSeconds(Specs.scaledObject(0, 50, Optional.empty()), 1, 100, 6))
                .containsExactly(4, 8, 16, 32, 50, 50);
    }

    @Test
    void aPolicyCountsWhatWasAddedEarlierInItsPeriod() {
        ScaledObject object = withBehavior(ScalingRules.UP, ScalingRules.DOWN);

        Hpa first = Hpa.of(1).sync(object, START, 1, Specs.readings(100));
        Hpa tooSoon = first.sync(object, START.plusSeconds(10), 5, Specs.readings(100));
        Hpa nextPeriod = tooSoon.sync(object, START.plusSeconds(15), 5, Specs.readings(100));

        assertThat(List.of(first.replicas(), tooSoon.replicas(), nextPeriod.replicas()))
                .containsExactly(5, 5, 10);
    }

    @Test
    void itKeepsTheHighestRecommendationOfFiveMinutesBeforeItScalesDown() {
        ScaledObject object = withBehavior(ScalingRules.UP, ScalingRules.DOWN);
        Hpa hpa = Hpa.of(8).sync(object, START, 8, Specs.readings(8));
        for (int second = 15; second < 300; second += 15) {
            hpa = hpa.sync(object, START.plusSeconds(second), hpa.replicas(), Specs.readings(second == 150 ? 5 : 2));
            assertThat(hpa.replicas()).isEqualTo(8);
        }

        Hpa afterTheEight = hpa.sync(object, START.plusSeconds(300), 8, Specs.readings(2));
        Hpa afterTheFive = afterTheEight.sync(object, START.plusSeconds(450), 5, Specs.readings(2));

        assertThat(afterTheEight.replicas()).isEqualTo(5);
        assertThat(afterTheFive.replicas()).isEqualTo(2);
    }

    @Test
    void aScaleDownPolicyTakesFewPodsPerPeriod() {
        Policy onePerMinute = new Policy(Unit.PODS, 1, Duration.ofMinutes(1));
        ScalingRules slowly = new ScalingRules(Duration.ZERO, Select.MAX, List.of(onePerMinute), 0.1);

        assertThat(everyFifteenSeconds(withBehavior(ScalingRules.UP, slowly), 8, 1, 9))
                .containsExactly(7, 7, 7, 7, 6, 6, 6, 6, 5);
    }

    @Test
    void theMoreCarefulOfTwoPoliciesHoldsWhereMinIsSelected() {
        Policy half = new Policy(Unit.PERCENT, 50, Duration.ofSeconds(15));
        Policy three = new Policy(Unit.PODS, 3, Duration.ofSeconds(15));
        ScalingRules careful = new ScalingRules(Duration.ZERO, Select.MIN, List.of(half, three), 0.1);

        assertThat(everyFifteenSeconds(withBehavior(careful, careful), 10, 100, 2))
                .containsExactly(13, 16);
        assertThat(everyFifteenSeconds(withBehavior(careful, careful), 4, 1, 2)).containsExactly(2, 1);
    }

    @Test
    void aDisabledDirectionStandsStill() {
        ScalingRules never = new ScalingRules(Duration.ZERO, Select.DISABLED, List.of(), 0.1);

        assertThat(once(withBehavior(never, ScalingRules.DOWN), 3, 100)).isEqualTo(3);
        assertThat(everyFifteenSeconds(withBehavior(ScalingRules.UP, never), 3, 1, 30))
                .containsOnly(3);
    }

    @Test
    void itLeavesZeroToKeda() {
        assertThat(once(withBehavior(ScalingRules.UP, ScalingRules.DOWN), 0, 100))
                .isZero();
    }

    @Test
    void itNeverGoesBelowOneHoweverLittleThereIsToDo() {
        assertThat(once(withBehavior(ScalingRules.UP, Specs.DOWN_AT_ONCE), 8, 0))
                .isEqualTo(1);
    }

    @Test
    void replicasOutsideTheBoundsAreBroughtBackAtOnce() {
        ScaledObject between3And50 = Specs.scaledObject(3, 50, Optional.empty());

        assertThat(once(between3And50, 60, 60)).isEqualTo(50);
        assertThat(once(between3And50, 1, 1)).isEqualTo(3);
    }

    @Test
    void withoutAReadingNothingChangesAndNothingIsRemembered() {
        ScaledObject object = withBehavior(ScalingRules.UP, Specs.DOWN_AT_ONCE);
        Hpa before = Hpa.of(8).sync(object, START, 8, Specs.readings(8));

        Hpa blind = before.sync(object, START.plusSeconds(15), 8, List.of());

        assertThat(blind.replicas()).isEqualTo(8);
        assertThat(blind.recommendations()).isEqualTo(before.recommendations());
    }

    @Test
    void whileOneOfTwoTriggersCannotBeReadItScalesUpButNotDown() {
        Behavior behavior = new Behavior(ScalingRules.UP, Specs.DOWN_AT_ONCE);
        ScaledObject object = Specs.scaledObject(OptionalInt.empty(), 0, 50, Optional.of(behavior), 2);

        assertThat(once(object, 8, 2)).isEqualTo(8);
        assertThat(once(object, 8, 12)).isEqualTo(12);
        assertThat(once(object, 8, 2, 2)).isEqualTo(2);
    }

    @Test
    void theReplicasItFindsAtFirstCountAsARecommendation() {
        assertThat(once(withBehavior(ScalingRules.UP, ScalingRules.DOWN), 8, 2)).isEqualTo(8);
    }

    @Test
    void aShareOfThePodsIsRoundedSoThatItAlwaysMoves() {
        Policy tenth = new Policy(Unit.PERCENT, 10, Duration.ofSeconds(15));
        ScalingRules gently = new ScalingRules(Duration.ZERO, Select.MAX, List.of(tenth), 0.1);

        assertThat(everyFifteenSeconds(withBehavior(gently, gently), 5, 100, 2)).containsExactly(6, 7);
        assertThat(everyFifteenSeconds(withBehavior(gently, gently), 5, 1, 2)).containsExactly(4, 3);
    }

    @Test
    void replicasThatSomebodyElseTookAwayNeverTurnAScaleUpIntoAScaleDown() {
        ScaledObject object = withBehavior(ScalingRules.UP, ScalingRules.DOWN);
        Hpa addedFive = Hpa.of(5).sync(object, START, 5, Specs.readings(100));

        assertThat(addedFive
                        .sync(object, START.plusSeconds(10), 3, Specs.readings(100))
                        .replicas())
                .isEqualTo(3);
    }

    @Test
    void ofSeveralTriggersTheOneThatAsksForMostDecides() {
        assertThat(once(withBehavior(ScalingRules.UP, ScalingRules.DOWN), 4, 2, 7, 5))
                .isEqualTo(7);
    }

    private static ScaledObject withBehavior(ScalingRules up, ScalingRules down) {
        return Specs.scaledObject(0, 50, Optional.of(new Behavior(up, down)));
    }

    private static int once(ScaledObject object, int replicas, double... messages) {
        return Hpa.of(replicas)
                .sync(object, START, replicas, Specs.readings(messages))
                .replicas();
    }

    private static List<Integer> everyFifteenSeconds(ScaledObject object, int replicas, double messages, int syncs) {
        Hpa hpa = Hpa.of(replicas);
        List<Integer> sequence = new ArrayList<>();
        for (int sync = 0; sync < syncs; sync++) {
            Instant now = START.plus(Hpa.SYNC_PERIOD.multipliedBy(sync));
            hpa = hpa.sync(object, now, hpa.replicas(), Specs.readings(messages));
            sequence.add(hpa.replicas());
        }
        return sequence;
    }
}
