package dev.claimant.sample.keda;

import java.time.Duration;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * How fast an HPA may go in one direction.
 *
 * @param stabilization of all recommendations in this window, the one that changes least is taken
 * @param tolerance how far the metric may be off, as a share, before anything happens
 */
public record ScalingRules(Duration stabilization, Select select, List<Policy> policies, double tolerance) {

    /** Which of several policies holds: the one that allows most, or least, or no change at all. */
    public enum Select {
        MAX,
        MIN,
        DISABLED
    }

    /** At most {@code value} pods, or percent of the pods, within a period. */
    public record Policy(Unit unit, int value, Duration period) {

        /** How far it lets the replicas rise, or fall, that were {@code start} when the period began. */
        private int limit(int start, Direction direction) {
            int change = direction == Direction.UP ? value : -value;
            if (unit == Unit.PODS) {
                return start + change;
            }
            double share = start * (1 + change / 100.0);
            return (int) (direction == Direction.UP ? Math.ceil(share) : share);
        }

        private static Policy read(Field field) {
            return new Policy(
                    field.at("type").choice(UNITS),
                    field.at("value").number(1),
                    Duration.ofSeconds(field.at("periodSeconds").number(1)));
        }
    }

    enum Direction {
        UP,
        DOWN
    }

    /** What a policy counts. */
    public enum Unit {
        PODS,
        PERCENT
    }

    private static final Map<String, Select> SELECTS =
            Map.of("Max", Select.MAX, "Min", Select.MIN, "Disabled", Select.DISABLED);
    private static final Map<String, Unit> UNITS = Map.of("Pods", Unit.PODS, "Percent", Unit.PERCENT);
    private static final Policy DOUBLE = new Policy(Unit.PERCENT, 100, Duration.ofSeconds(15));
    private static final Policy FOUR_PODS = new Policy(Unit.PODS, 4, Duration.ofSeconds(15));

    static final ScalingRules UP = new ScalingRules(Duration.ZERO, Select.MAX, List.of(FOUR_PODS, DOUBLE), 0.1);
    static final ScalingRules DOWN = new ScalingRules(Duration.ofMinutes(5), Select.MAX, List.of(DOUBLE), 0.1);

    static ScalingRules read(Field field, ScalingRules defaults) {
        List<Policy> policies =
                field.at("policies").items().stream().map(Policy::read).toList();
        return new ScalingRules(
                field.at("stabilizationWindowSeconds").secondsOr(0, (int) defaults.stabilization.toSeconds()),
                field.at("selectPolicy").choiceOr(SELECTS, defaults.select),
                policies.isEmpty() ? defaults.policies : policies,
                field.at("tolerance").decimalOr(defaults.tolerance));
    }

    /**
     * How far the replicas may go now.
     *
     * @param changeWithin by how much they have changed, on balance, in the latest period of a length
     */
    int limit(Direction direction, int current, ToIntFunction<Duration> changeWithin) {
        if (select == Select.DISABLED) {
            return current;
        }
        IntSummaryStatistics limits = policies.stream()
                .mapToInt(policy -> policy.limit(current - changeWithin.applyAsInt(policy.period), direction))
                .summaryStatistics();
        boolean highest = (select == Select.MAX) == (direction == Direction.UP);
        int limit = highest ? limits.getMax() : limits.getMin();
        return direction == Direction.UP ? Math.max(current, limit) : Math.min(current, limit);
    }
}
