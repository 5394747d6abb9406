package dev.claimant;

import java.util.random.RandomGenerator;

/**
 * How long no call is made: after one that failed, and after several that returned nothing long before their time was up, for such a source
 * would keep a processor busy. Guarded by the engine's lock.
 */
final class ClaimPauses {

    private static final long FIRST_PAUSE_NANOS = 100_000_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000_000L;

    /** This many may be chance: other workers were quicker to claim the message that this one was woken for. */
    private static final int EARLY_ANSWERS_WITHOUT_A_PAUSE = 3;

    private static final long FIRST_EARLY_PAUSE_NANOS = 5_000_000;
    private static final long LONGEST_EARLY_PAUSE_NANOS = 1_000_000_000;

    private final Clock clock;
    private final Backoff afterFailures;
    private final Backoff afterEarlyAnswers;
    private boolean paused;
    private long pausedUntil;
    private int emptyEarlyInARow;

    ClaimPauses(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.afterFailures = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS, random);
        this.afterEarlyAnswers = new Backoff(FIRST_EARLY_PAUSE_NANOS, LONGEST_EARLY_PAUSE_NANOS, random);
    }

    /** A call has returned; {@code emptyEarly} if with nothing, long before its time was up. */
    void answered(boolean emptyEarly) {
        afterFailures.reset();
        emptyEarlyInARow = emptyEarly ? emptyEarlyInARow + 1 : 0;
        if (emptyEarlyInARow > EARLY_ANSWERS_WITHOUT_A_PAUSE) {
            pauseFor(afterEarlyAnswers.nextNanos());
        } else {
            paused = false;
            afterEarlyAnswers.reset();
        }
    }

    void failed() {
        pauseFor(afterFailures.nextNanos());
    }

    private void pauseFor(long nanos) {
        paused = true;
        pausedUntil = clock.nanos() + nanos;
    }

    void end() {
        paused = false;
    }

    /** How much of the pause is left. */
    long nanos() {
        return paused ? pausedUntil - clock.nanos() : 0;
    }
}
