package dev.claimant.memory;

import dev.claimant.IdempotencyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Remembers in this process which keys are done and which are in work; for tests. Thread-safe; nothing survives the process. */
public final class InMemoryIdempotencyStore implements IdempotencyStore {

    private final Duration holdFor;
    private final Duration rememberFor;
    private final LongSupplier clock;
    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(String message, String holder, boolean done, long endsAt) {}

    /** Lets a key be held for 15 minutes and remembers what is done for 7 days, on the system's clock. */
    public InMemoryIdempotencyStore() {
        this(Duration.ofMinutes(15), Duration.ofDays(7), System::nanoTime);
    }

    /**
     * A store with times of its own.
     *
     * @param holdFor how long another message's work keeps a key from others
     * @param rememberFor how long a key stays done
     * @param clock monotonic nanoseconds; a test's own, or {@link System#nanoTime}
     */
    public InMemoryIdempotencyStore(Duration holdFor, Duration rememberFor, LongSupplier clock) {
        this.holdFor = holdFor;
        this.rememberFor = rememberFor;
        this.clock = clock;
    }

    @Override
    public synchronized Answer begin(String key, String message, String holder) {
        long now = clock.getAsLong();
        entries.values().removeIf(entry -> now - entry.endsAt() >= 0);
        Entry known = entries.get(key);
        if (known != null && known.done()) {
            return Answer.DONE;
        }
        if (known != null && !known.message().equals(message)) {
            return Answer.BUSY;
        }
        entries.put(key, new Entry(message, holder, false, now + holdFor.toNanos()));
        return Answer.BEGUN;
    }

    @Override
    public synchronized void complete(String key, String holder) {
        if (!entries.containsKey(key) || heldBy(key, holder) != null) {
            entries.put(key, new Entry("", holder, true, clock.getAsLong() + rememberFor.toNanos()));
        }
    }

    @Override
    public synchronized void abandon(String key, String holder) {
        if (heldBy(key, holder) != null) {
            entries.remove(key);
        }
    }

    private @Nullable Entry heldBy(String key, String holder) {
        Entry entry = entries.get(key);
        return entry != null && !entry.done() && entry.holder().equals(holder) ? entry : null;
    }
}
