package dev.claimant.sample.keda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ActivationTest {

    private static final Instant START = Instant.EPOCH;
    private static final ScaledObject FROM_ZERO = Specs.scaledObject(0, 50, Optional.empty());

    @Test
    void oneMessageWakesOneReplicaAndTheHpaDoesTheRest() {
        assertThat(Activation.of(START, 0)
                        .poll(FROM_ZERO, START, 0, Specs.readings(100))
                        .replicas())
                .isEqualTo(1);
    }

    @Test
    void aMinimumWakesAsManyAtOnce() {
        ScaledObject idleOrThree = Specs.scaledObject(OptionalInt.of(0), 3, 50, Optional.empty());

        assertThat(Activation.of(START, 0)
                        .poll(idleOrThree, START, 0, Specs.readings(1))
                        .replicas())
                .isEqualTo(3);
    }

    @Test
    void aMetricNotAboveTheActivationLeavesZeroAsItIs() {
        Reading three = new Reading(new Trigger("postgresql", Map.of(), 1, 3), 3);

        assertThat(Activation.of(START, 0)
                        .poll(FROM_ZERO, START, 0, List.of(three))
                        .replicas())
                .isZero();
    }

    @Test
    void allReplicasGoAtOnceWhenTheCooldownSinceTheLastActivePollHasPassed() {
        Activation active = Activation.of(START, 0).poll(FROM_ZERO, START, 7, Specs.readings(1));

        Activation cooling = active.poll(FROM_ZERO, START.plusSeconds(300), 7, Specs.readings(0));
        Activation cooled = cooling.poll(FROM_ZERO, START.plusSeconds(301), 7, Specs.readings(0));

        assertThat(cooling.replicas()).isEqualTo(7);
        assertThat(cooled.replicas()).isZero();
    }

    @Test
    void whatWasNeverActiveGoesToZeroAfterTheInitialPeriodOnly() {
        assertThat(Activation.of(START, 2)
                        .poll(FROM_ZERO, START.plusMillis(1), 2, Specs.readings(0))
                        .replicas())
                .isZero();
    }

    @Test
    void aMinimumAboveZeroIsNeverLeftForZero() {
        ScaledObject atLeastTwo = Specs.scaledObject(2, 50, Optional.empty());
        Instant muchLater = START.plus(Duration.ofDays(1));

        assertThat(Activation.of(START, 5)
                        .poll(atLeastTwo, muchLater, 5, Specs.readings(0))
                        .replicas())
                .isEqualTo(5);
        assertThat(Activation.of(START, 0)
                        .poll(atLeastTwo, muchLater, 0, Specs.readings(0))
                        .replicas())
                .isEqualTo(2);
    }

    @Test
    void idleReplicasGiveWayToTheMinimumAndComeBackAfterTheCooldown() {
        ScaledObject oneOrThree = Specs.scaledObject(OptionalInt.of(1), 3, 50, Optional.empty());
        Activation active = Activation.of(START, 1).poll(oneOrThree, START, 1, Specs.readings(1));

        Activation cooled = active.poll(oneOrThree, START.plusSeconds(301), 3, Specs.readings(0));

        assertThat(active.replicas()).isEqualTo(3);
        assertThat(cooled.replicas()).isEqualTo(1);
    }

    @Test
    void aPollWithAnActiveTriggerAndAFailedOneDoesNotStartTheCooldownAnew() {
        ScaledObject twoTriggers = Specs.scaledObject(OptionalInt.empty(), 0, 50, Optional.empty(), 2);
        Activation active = Activation.of(START, 0).poll(twoTriggers, START, 0, Specs.readings(1, 1));

        Activation partly = active.poll(twoTriggers, START.plusSeconds(30), 1, Specs.readings(1));

        assertThat(partly.replicas()).isEqualTo(1);
        assertThat(partly.lastActive()).contains(START);
    }

    @Test
    void aScalerThatFailsLeavesTheReplicasAlone() {
        Activation unread = Activation.of(START, 4).poll(FROM_ZERO, START.plusSeconds(3600), 4, List.of());

        assertThat(unread.replicas()).isEqualTo(4);
        assertThat(unread.lastActive()).isEmpty();
    }

    /**
     * 100 messages, five a pod, and each pod completes one in 15 seconds. KEDA polls every 30 seconds, the HPA looks every 15. The last
     * message is completed in second 120; the HPA's recommendations of minutes before follow it down five minutes later.
     */
    @Test
    void aBurstRampsUpFromZeroAndComesDownOnlyAfterStabilizationAndCooldown() {
        ScaledObject object = Specs.scaledObject(0, 12, Optional.of(Specs.DEFAULT_BEHAVIOR));
        Activation keda = Activation.of(START, 0);
        Hpa hpa = Hpa.of(0);
        int backlog = 100;
        Map<Integer, Integer> replicasFromSecond = new LinkedHashMap<>();
        for (int second = 0; second < 900; second += 15) {
            Instant now = START.plusSeconds(second);
            List<Reading> readings = List.of(new Reading(Specs.target(5), backlog));
            int before = hpa.replicas();
            keda = second % 30 == 0 ? keda.poll(object, now, before, readings) : keda;
            hpa = hpa.sync(object, now, second % 30 == 0 ? keda.replicas() : before, readings);
            backlog = Math.max(0, backlog - hpa.replicas());
            if (hpa.replicas() != before) {
                replicasFromSecond.put(second, hpa.replicas());
            }
        }

        assertThat(replicasFromSecond)
                .containsExactly(
                        entry(0, 5),
                        entry(15, 10),
                        entry(30, 12),
                        entry(360, 10),
                        entry(375, 8),
                        entry(390, 5),
                        entry(405, 3),
                        entry(420, 1),
                        entry(450, 0));
    }
}
