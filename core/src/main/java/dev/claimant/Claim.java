package dev.claimant;

import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A message taken for this worker alone, together with the lock that says so. A backend may subclass it to carry what it needs to
 * settle (a receipt, a delivery tag) or to offer more to the handler.
 *
 * <p>The worker keeps the lock while the handler runs. When ownership is gone, {@link #lockLost()} turns true and the handler's thread
 * is interrupted: whatever the handler still does may be done by another worker too, and its result is dropped.
 *
 * <p>Thread-safe: the facts of the claim never change, the state of the lock may be read from any thread.
 */
public class Claim {

    /** The {@link #lockedUntilNanos()} of a lock that has no clock: it holds for as long as the connection to the source does. */
    public static final long NO_EXPIRY = Long.MAX_VALUE;

    private final Message message;
    private final int delivery;
    private final int expiredLocks;
    private final long fencingNumber;
    private volatile int attempt;
    private volatile long lockedUntilNanos;
    private volatile boolean lockLost;
    private volatile boolean stopAsked;

    /** The worker's side of this claim; guarded by the engine's lock. */
    @Nullable Execution execution;

    /**
     * For backends.
     *
     * @param message what was claimed
     * @param attempt tries begun, this one included: 1 on the first
     * @param delivery how often the source handed the message out, this time included; the attempt where the source does not count
     * @param expiredLocks how many earlier locks of this message expired unsettled, as far as the source knows; 0 where it does not
     * @param lockedUntilNanos when the lock ends, on the clock of {@link System#nanoTime()}: the time left at receipt, counted from
     *     before the request was sent, never the source's absolute time; {@link #NO_EXPIRY} for a lock without a clock
     * @param fencingNumber a number that only grows for this message, or a negative value where the source can give none
     */
    public Claim(
            Message message, int attempt, int delivery, int expiredLocks, long lockedUntilNanos, long fencingNumber) {
        this.message = Objects.requireNonNull(message, "message");
        this.attempt = attempt;
        this.delivery = delivery;
        this.expiredLocks = expiredLocks;
        this.lockedUntilNanos = lockedUntilNanos;
        this.fencingNumber = fencingNumber;
    }

    /**
     * For unit tests of handlers: the message on its first attempt, with a lock that does not end. Where a test needs a later attempt, a lock that
     * ends or a fencing number, the constructor takes them.
     */
    public static Claim of(Message message) {
        return new Claim(message, 1, 1, 0, NO_EXPIRY, -1);
    }

    /** What was claimed. */
    public final Message message() {
        return message;
    }

    /** The message's id, for logs and errors. */
    public final String id() {
        return message.id();
    }

    /** The body read as UTF-8. */
    public final String text() {
        return message.text();
    }

    /** Tries begun, this one included: 1 on the first. */
    public final int attempt() {
        return attempt;
    }

    /** How often the source handed the message out; differs from {@link #attempt()} after a release. */
    public final int delivery() {
        return delivery;
    }

    /** How many earlier locks of this message expired without a settlement: workers that died or stalled on it. */
    public final int expiredLocks() {
        return expiredLocks;
    }

    /** A number that only grows for this message, for guarded writes; empty where the source can give none. */
    public final OptionalLong fencingNumber() {
        return fencingNumber < 0 ? OptionalLong.empty() : OptionalLong.of(fencingNumber);
    }

    /**
     * When the lock ends unless it is renewed, on the clock of {@link System#nanoTime()}; moves on with each renewal;
     * {@link #NO_EXPIRY} for a lock without a clock.
     */
    public final long lockedUntilNanos() {
        return lockedUntilNanos;
    }

    /** Whether ownership is gone. Once true it stays true; a handler that sees it should stop. */
    public final boolean lockLost() {
        return lockLost;
    }

    /**
     * Whether the worker has told the handler to stop, by an interrupt too: the lock was lost, the handler time-out has passed, or the worker
     * drains and its time is up. What the handler then returns is not believed.
     */
    public final boolean stopAsked() {
        return stopAsked;
    }

    /**
     * For backends to override: why no handler can be given this message, such as a body that is too large for the heap and was left at the
     * source; absent for every other. The worker dead-letters such a claim with this reason and runs no handler.
     */
    public @Nullable String unusable() {
        return null;
    }

    /** Names the message, its attempt and its delivery, never its body. */
    @Override
    public String toString() {
        return "message " + message.id() + " (attempt " + attempt + ", delivery " + delivery + ")";
    }

    final void lockedUntil(long nanos) {
        lockedUntilNanos = nanos;
    }

    final void loseLock() {
        lockLost = true;
    }

    final void askToStop() {
        stopAsked = true;
    }

    /** The same claim is run once more in this process, its lock held all the time. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the one execution that runs this claim writes it
    final void runAgain(boolean asNextAttempt) {
        attempt += asNextAttempt ? 1 : 0;
        stopAsked = false;
    }
}
