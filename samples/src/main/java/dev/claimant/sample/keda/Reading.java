package dev.claimant.sample.keda;

/**
 * What the scaler of a trigger answered. A scaler that failed has no reading.
 *
 * @param value the metric, unrounded
 */
public record Reading(Trigger trigger, double value) {

    /** Whether there is enough to do to leave zero. */
    public boolean active() {
        return value > trigger.activation();
    }

    /** The metric as KEDA hands it on: in thousandths, and 0 where it is negative or no number. */
    long milliValue() {
        return milli(value);
    }

    long milliTarget() {
        return milli(trigger.target());
    }

    private static long milli(double amount) {
        return Double.isFinite(amount) && amount > 0 ? Math.round(amount * 1000) : 0;
    }
}
