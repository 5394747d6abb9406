package dev.claimant.sample.keda;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a ScaledJob turns a queue into a batch of Jobs.
 *
 * @param deduction messages that strategy custom leaves out of the count
 * @param runningShare the share of running Jobs that strategy custom takes as busy
 * @param pendingPodConditions what a pod must have reached before its Job stops to count as pending
 * @param calculation how several triggers become one
 */
public record ScalingStrategy(
        Kind kind, int deduction, double runningShare, List<String> pendingPodConditions, Calculation calculation) {

    private static final Map<String, Kind> KINDS =
            Map.of("default", Kind.DEFAULT, "custom", Kind.CUSTOM, "accurate", Kind.ACCURATE, "eager", Kind.EAGER);
    private static final Map<String, Calculation> CALCULATIONS =
            Map.of("max", Calculation.MAX, "min", Calculation.MIN, "avg", Calculation.AVG, "sum", Calculation.SUM);

    /** The strategies of KEDA; which one is right depends on what the trigger counts. */
    public enum Kind {
        /** For a metric that counts work in flight. */
        DEFAULT,
        /** As default, with a deduction and a share of one's own; bounds a batch, not the total. */
        CUSTOM,
        /** For a metric that counts only what is claimable. */
        ACCURATE,
        /** Fills all slots while anything is queued. */
        EAGER
    }

    /** How several triggers become one. */
    public enum Calculation {
        MAX,
        MIN,
        AVG,
        SUM
    }

    static ScalingStrategy read(Field field) {
        Kind kind = field.at("strategy").choiceOr(KINDS, Kind.DEFAULT);
        double share = share(field.at("customScalingRunningJobPercentage").textOr(""));
        return new ScalingStrategy(
                // KEDA says nothing when it does this
                kind == Kind.CUSTOM && Double.isNaN(share) ? Kind.DEFAULT : kind,
                field.at("customScalingQueueLengthDeduction").numberOr(Integer.MIN_VALUE, 0),
                share,
                field.at("pendingPodConditions").texts(),
                field.at("multipleScalersCalculation").choiceOr(CALCULATIONS, Calculation.MAX));
    }

    private static double share(String text) {
        try {
            return new BigDecimal(text).doubleValue();
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /**
     * Whether an unfinished Job counts as pending.
     *
     * @param podRunning whether a pod of it runs or has succeeded
     * @param podConditions the conditions of that pod that are true
     */
    public boolean isPending(boolean podRunning, Set<String> podConditions) {
        return pendingPodConditions.isEmpty() ? !podRunning : !podConditions.containsAll(pendingPodConditions);
    }

    /** The size of the next batch; {@code pending} Jobs are among the {@code running} ones. */
    int batch(Demand demand, int running, int pending, int limit) {
        long wanted = (long) Math.ceil(Math.min(demand.jobs(), limit));
        long batch = switch (kind) {
            case DEFAULT -> wanted - running;
            case CUSTOM -> Math.min(wanted - deduction - (long) (running * runningShare), limit);
            case ACCURATE -> wanted + running - pending > limit ? limit - running : wanted - pending;
            case EAGER -> Math.min(limit - running - pending, wanted);
        };
        long messages = kind == Kind.EAGER ? limit : (long) Math.ceil(demand.messages());
        return (int) Math.max(0, Math.min(batch, messages));
    }
}
