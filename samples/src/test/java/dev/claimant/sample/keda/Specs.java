package dev.claimant.sample.keda;

import dev.claimant.sample.keda.ScaledObject.Behavior;
import dev.claimant.sample.keda.ScalingStrategy.Calculation;
import dev.claimant.sample.keda.ScalingStrategy.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Specs that say only what a test is about. */
final class Specs {

    static final Behavior DEFAULT_BEHAVIOR = new Behavior(ScalingRules.UP, ScalingRules.DOWN);

    /** Down as fast as up, with nothing remembered. */
    static final ScalingRules DOWN_AT_ONCE =
            new ScalingRules(Duration.ZERO, ScalingRules.DOWN.select(), ScalingRules.DOWN.policies(), 0.1);

    private Specs() {}

    static Trigger target(double target) {
        return new Trigger("postgresql", Map.of(), target, 0);
    }

    static List<Reading> readings(double... values) {
        return Arrays.stream(values)
                .mapToObj(value -> new Reading(target(1), value))
                .toList();
    }

    static ScalingStrategy strategy(Kind kind, String... pendingPodConditions) {
        return new ScalingStrategy(kind, 0, Double.NaN, List.of(pendingPodConditions), Calculation.MAX);
    }

    static ScaledJob scaledJob(ScalingStrategy strategy, int min, OptionalInt max) {
        PodTemplate pod = new PodTemplate("worker", "image", List.of(), List.of(), Map.of(), Duration.ofSeconds(30));
        JobTemplate job = new JobTemplate(3, Optional.empty(), List.of(), pod);
        List<Trigger> triggers = List.of(target(1));
        return new ScaledJob("clap", Duration.ofSeconds(30), min, max, strategy, triggers, 100, 100, job);
    }

    static ScaledJob scaledJob(Kind kind, int max) {
        return scaledJob(strategy(kind), 0, OptionalInt.of(max));
    }

    static ScaledObject scaledObject(int min, int max, Optional<Behavior> behavior) {
        return scaledObject(OptionalInt.empty(), min, max, behavior);
    }

    static ScaledObject scaledObject(OptionalInt idle, int min, int max, Optional<Behavior> behavior) {
        return scaledObject(idle, min, max, behavior, 1);
    }

    static ScaledObject scaledObject(OptionalInt idle, int min, int max, Optional<Behavior> behavior, int triggers) {
        return new ScaledObject(
                "clap",
                "clap-worker",
                Duration.ofSeconds(30),
                Duration.ofSeconds(300),
                Duration.ZERO,
                idle,
                OptionalInt.of(min),
                max,
                behavior,
                Collections.nCopies(triggers, target(1)));
    }
}
