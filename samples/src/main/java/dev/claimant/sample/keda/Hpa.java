package dev.claimant.sample.keda;

import dev.claimant.sample.keda.ScaledObject.Behavior;
import dev.claimant.sample.keda.ScalingRules.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The HPA that KEDA creates for a ScaledObject: its memory, and the replicas it wants from here on.
 *
 * @param recommendations what the metric alone asked for
 * @param changes by how much the HPA changed the replicas
 */
public record Hpa(int replicas, List<Entry> recommendations, List<Entry> changes) {

    /** How often the controller looks, whatever KEDA's polling interval is. */
    public static final Duration SYNC_PERIOD = Duration.ofSeconds(15);

    /** The longest window that Kubernetes accepts in a behavior. */
    private static final Duration MEMORY = Duration.ofHours(1);

    private static final Behavior NO_BEHAVIOR = new Behavior(ScalingRules.UP, ScalingRules.DOWN);

    /** A number, and when it was so. */
    public record Entry(Instant time, int count) {}

    /** An HPA that has not looked yet. */
    public static Hpa of(int replicas) {
        return new Hpa(replicas, List.of(), List.of());
    }

    /**
     * What the HPA does at a sync.
     *
     * @param current replicas, as KEDA may have changed them
     * @param readings of the triggers whose scaler answered
     */
    public Hpa sync(ScaledObject object, Instant now, int current, List<Reading> readings) {
        List<Entry> seen = recommendations.isEmpty() ? List.of(new Entry(now, current)) : recommendations;
        if (current == 0) {
            return new Hpa(0, seen, changes);
        }
        int inBounds = object.inHpaBounds(current);
        int wanted = wanted(object, current, readings);
        boolean blind = readings.isEmpty() || (object.lacksSome(readings) && wanted < current);
        if (inBounds != current || blind) {
            return new Hpa(inBounds, seen, plus(changes, now, inBounds - current));
        }
        int allowed = object.behavior()
                .map(behavior -> allowed(behavior, seen, now, current, wanted))
                .orElseGet(() -> allowedWithoutBehavior(seen, now, current, wanted));
        int next = object.inHpaBounds(allowed);
        return new Hpa(next, plus(seen, now, wanted), plus(changes, now, next - current));
    }

    private static int wanted(ScaledObject object, int current, List<Reading> readings) {
        Behavior behavior = object.behavior().orElse(NO_BEHAVIOR);
        return readings.stream()
                .mapToInt(reading -> wanted(behavior, current, reading))
                .max()
                .orElse(current);
    }

    private static int wanted(Behavior behavior, int current, Reading reading) {
        double ratio = reading.milliValue() / ((double) reading.milliTarget() * current);
        boolean closeEnough = 1.0 - behavior.down().tolerance() <= ratio
                && ratio <= 1.0 + behavior.up().tolerance();
        return closeEnough ? current : (int) Math.ceil((double) reading.milliValue() / reading.milliTarget());
    }

    private int allowed(Behavior behavior, List<Entry> seen, Instant now, int current, int wanted) {
        int lowest = Math.min(
                wanted, within(seen, behavior.up().stabilization(), now).min().orElse(wanted));
        int highest = Math.max(
                wanted, within(seen, behavior.down().stabilization(), now).max().orElse(wanted));
        int stable = Math.min(Math.max(current, lowest), highest);
        ToIntFunction<Duration> changed = period -> within(changes, period, now).sum();
        return stable > current
                ? Math.min(stable, behavior.up().limit(Direction.UP, current, changed))
                : Math.max(stable, behavior.down().limit(Direction.DOWN, current, changed));
    }

    /** The rules from before there were behaviors: twice as many at every sync, or four. */
    private static int allowedWithoutBehavior(List<Entry> seen, Instant now, int current, int wanted) {
        int highest = within(seen, ScalingRules.DOWN.stabilization(), now).max().orElse(wanted);
        return Math.min(Math.max(wanted, highest), Math.max(2 * current, 4));
    }

    private static IntStream within(List<Entry> entries, Duration window, Instant now) {
        return entries.stream()
                .filter(entry -> entry.time.isAfter(now.minus(window)))
                .mapToInt(Entry::count);
    }

    private static List<Entry> plus(List<Entry> entries, Instant now, int count) {
        Stream<Entry> recent = entries.stream().filter(entry -> entry.time.isAfter(now.minus(MEMORY)));
        return Stream.concat(recent, Stream.of(new Entry(now, count))).toList();
    }
}
