package dev.claimant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a failed message comes back, and when it is given up. Immutable; each setter returns a changed copy.
 *
 * <p>{@link #exponential} delays: the one before attempt <i>n</i>+1 is drawn evenly from zero to {@code firstDelay × 2^(n−1)}, at most {@code
 * maxDelay} (full jitter: a thousand messages that failed together do not come back together). {@link #fixed} delays are used as they are. After
 * {@code maxAttempts} the message is dead-lettered. A message that arrives with more attempts than that (its workers died, or handed it back where
 * that counts) runs alone, and is dead-lettered without a run once it has crashed alone or the allowance for releases is used up; so is one whose
 * locks expired {@code maxExpiredLocks} times.
 *
 * <p>Failures of one type can have a policy of their own:
 *
 * <pre>{@code
 * RetryPolicy.exponential()
 *         .deadLetterOn(IllegalArgumentException.class)
 *         .on(RateLimited.class, RetryPolicy.fixed(Duration.ofMinutes(1)).maxAttempts(30))
 * }</pre>
 */
public final class RetryPolicy {

    /** For {@link #maxAttempts(int)}: never give up. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Without fixed delays, they are drawn below a bound that doubles from the first to the longest. */
    private record Delays(Duration first, Duration longest, List<Duration> fixed) {}

    private final Delays delays;
    private final int maxAttempts;
    private final int maxExpiredLocks;
    private final Map<Class<? extends Throwable>, RetryPolicy> byType;

    private RetryPolicy(
            Delays delays, int maxAttempts, int maxExpiredLocks, Map<Class<? extends Throwable>, RetryPolicy> byType) {
        this.delays = delays;
        this.maxAttempts = maxAttempts;
        this.maxExpiredLocks = maxExpiredLocks;
        this.byType = byType;
    }

    /** One second at first, doubling to five minutes, full jitter, five attempts, ten expired locks. */
    public static RetryPolicy exponential() {
        return new RetryPolicy(new Delays(Duration.ofSeconds(1), Duration.ofMinutes(5), List.of()), 5, 10, Map.of());
    }

    /** The same as {@link #exponential()}, except that every delay is zero. */
    public static RetryPolicy immediate() {
        return exponential().firstDelay(Duration.ZERO);
    }

    /**
     * These delays, without jitter: the first one after the first attempt, and so on; the last one is repeated. By default there is an attempt after
     * each of them, and then no more. Ten expired locks.
     */
    public static RetryPolicy fixed(Duration... delays) {
        if (delays.length == 0) {
            throw new IllegalArgumentException("retry.fixed: needs at least one delay");
        }
        List<Duration> fixed =
                new ArrayList<>(Arrays.asList(delays)); // a null among them is reported with the other problems
        return new RetryPolicy(new Delays(Duration.ZERO, Duration.ZERO, fixed), fixed.size() + 1, 10, Map.of());
    }

    /** The bound of the first delay; ends {@link #fixed} delays. */
    public RetryPolicy firstDelay(Duration delay) {
        return with(new Delays(delay, delays.longest, List.of()));
    }

    /** The bound of every delay; ends {@link #fixed} delays. */
    public RetryPolicy maxDelay(Duration delay) {
        return with(new Delays(delays.first, delay, List.of()));
    }

    private RetryPolicy with(Delays changed) {
        return new RetryPolicy(changed, maxAttempts, maxExpiredLocks, byType);
    }

    /** After how many attempts a message is dead-lettered; at least 1. */
    public RetryPolicy maxAttempts(int attempts) {
        return new RetryPolicy(delays, attempts, maxExpiredLocks, byType);
    }

    /** After how many expired locks a message is dead-lettered; at least 1. Only sources that count them can honour it. */
    public RetryPolicy maxExpiredLocks(int locks) {
        return new RetryPolicy(delays, maxAttempts, locks, byType);
    }

    /**
     * Failures of this type, or of a subtype that has no policy of its own, have the delays and the attempts of another policy. All attempts of the
     * message count, whatever they failed of. The other policy's expired locks and types are not used.
     */
    public RetryPolicy on(Class<? extends Throwable> type, RetryPolicy policy) {
        Map<Class<? extends Throwable>, RetryPolicy> changed = new LinkedHashMap<>(byType);
        changed.put(type, policy);
        return new RetryPolicy(delays, maxAttempts, maxExpiredLocks, changed);
    }

    /** Failures of this type, or of a subtype that has no policy of its own, dead-letter the message at once. */
    public RetryPolicy deadLetterOn(Class<? extends Throwable> type) {
        return on(type, exponential().maxAttempts(1));
    }

    void check(Problems problems) {
        check("retry", problems);
        for (Map.Entry<Class<? extends Throwable>, RetryPolicy> own : byType.entrySet()) {
            String setting = "retry.on(" + own.getKey().getSimpleName() + ")";
            if (!problems.whenMissing(setting, own.getValue())) {
                own.getValue().check(setting, problems);
            }
        }
    }

    private void check(String name, Problems problems) {
        problems.when(maxAttempts < 1, name + ".maxAttempts", maxAttempts, "must be at least 1");
        problems.when(maxExpiredLocks < 1, name + ".maxExpiredLocks", maxExpiredLocks, "must be at least 1");
        for (Duration delay : delays.fixed) {
            problems.whenNegative(name + ".fixed", delay);
        }
        problems.whenNegative(name + ".firstDelay", delays.first);
        problems.whenNegative(name + ".maxDelay", delays.longest);
        problems.when(
                delays.first != null && delays.longest != null && delays.longest.compareTo(delays.first) < 0,
                name + ".maxDelay",
                delays.longest,
                "must not be shorter than " + name + ".firstDelay " + delays.first);
    }

    /** The policy for this failure: that of its type, or of the nearest supertype which has one. */
    RetryPolicy forFailure(@Nullable Throwable failure) {
        for (Class<?> type = failure == null ? null : failure.getClass(); type != null; type = type.getSuperclass()) {
            RetryPolicy own = byType.get(type);
            if (own != null) {
                return own;
            }
        }
        return this;
    }

    /** How many attempts a message may have that failed of whatever lets it have the most. */
    int maxAttempts() {
        int most = maxAttempts;
        for (RetryPolicy own : byType.values()) {
            most = Math.max(most, own.maxAttempts);
        }
        return most;
    }

    /** Whether no failure ever gives a message up. */
    boolean neverGivesUp() {
        for (RetryPolicy own : byType.values()) {
            if (!own.neverGivesUp()) {
                return false;
            }
        }
        return maxAttempts == UNLIMITED;
    }

    int maxExpiredLocks() {
        return maxExpiredLocks;
    }

    /** For a policy that {@link #forFailure} has returned. */
    boolean isLastAttempt(int attempt) {
        return attempt >= maxAttempts;
    }

    /** For a policy that {@link #forFailure} has returned. */
    Duration delayAfter(int attempt, RandomGenerator random) {
        if (!delays.fixed.isEmpty()) {
            return delays.fixed.get(Math.min(attempt, delays.fixed.size()) - 1);
        }
        long cap = delays.longest.toNanos();
        long first = delays.first.toNanos();
        int doublings = Math.min(attempt - 1, Long.SIZE - 2);
        long bound = first > cap >> doublings ? cap : first << doublings;
        return Duration.ofNanos(random.nextLong(bound + 1));
    }
}
