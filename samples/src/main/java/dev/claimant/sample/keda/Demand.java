package dev.claimant.sample.keda;

import dev.claimant.sample.keda.ScalingStrategy.Calculation;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * What the active triggers of a ScaledJob ask for together.
 *
 * @param messages the metric itself, which bounds a batch of Jobs whatever the target
 * @param jobs the metric in units of the target, at most the ScaledJob's limit
 */
record Demand(double messages, double jobs) {

    private static final Demand NONE = new Demand(0, 0);

    static Demand of(List<Reading> readings, Calculation calculation, int limit) {
        List<Demand> demands = readings.stream()
                .filter(Reading::active)
                .map(reading -> of(reading, limit))
                .toList();
        return switch (calculation) {
            case MAX -> reduce(demands, (first, next) -> next.messages > first.messages ? next : first);
            case MIN -> reduce(demands, (first, next) -> next.messages < first.messages ? next : first);
            case SUM -> reduce(demands, Demand::plus);
            case AVG -> reduce(demands, Demand::plus).dividedBy(Math.max(1, demands.size()));
        };
    }

    private static Demand of(Reading reading, int limit) {
        double messages = reading.milliValue() / 1000.0;
        return new Demand(messages, Math.min(messages * 1000 / reading.milliTarget(), limit));
    }

    private static Demand reduce(List<Demand> demands, BinaryOperator<Demand> operator) {
        return demands.stream().reduce(operator).orElse(NONE);
    }

    private Demand plus(Demand other) {
        return new Demand(messages + other.messages, jobs + other.jobs);
    }

    private Demand dividedBy(int count) {
        return new Demand(messages / count, jobs / count);
    }
}
