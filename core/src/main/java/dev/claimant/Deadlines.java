package dev.claimant;

import dev.claimant.Execution.Stage;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What must happen at a set time: handlers that have run too long, parked claims that are due. Needs the engine's lock. */
final class Deadlines {

    private static final long LONGEST_WAIT_NANOS = TimeUnit.HOURS.toNanos(1);

    private final EngineContext context;
    private final Clock clock;
    private final @Nullable Duration handlerTimeout;

    /** Running handlers in the order in which they started, which is the order in which they time out. */
    private final Set<Execution> watched = new LinkedHashSet<>();

    private final PriorityQueue<Execution> parked = new PriorityQueue<>((a, b) -> Long.signum(a.dueAt - b.dueAt));

    private int parkedFailures;
    private volatile boolean closed;

    Deadlines(EngineContext context, @Nullable Duration handlerTimeout) {
        this.context = context;
        this.clock = context.clock;
        this.handlerTimeout = handlerTimeout;
    }

    int parked() {
        return parked.size();
    }

    /** Those of them that have failed and wait for their next try. */
    int parkedFailures() {
        return parkedFailures;
    }

    /** Handlers that will be asked to stop if they do not return in time. */
    int watched() {
        return watched.size();
    }

    void started(Execution execution) {
        if (handlerTimeout != null) {
            watched.add(execution);
        }
    }

    /** Forgets the handler at once, and with it the message: many return before one could time out. */
    void returned(Execution execution) {
        if (handlerTimeout != null) {
            watched.remove(execution);
        }
    }

    void park(Execution execution, Duration delay) {
        execution.stage = Stage.PARKED;
        execution.dueAt = clock.nanos() + delay.toNanos();
        parked.add(execution);
        parkedFailures += execution.isUntried() ? 0 : 1;
        context.wakeStepTaker();
    }

    /** A parked claim leaves, in time or before. */
    void unpark(Execution execution) {
        parked.remove(execution);
        parkedFailures -= execution.isUntried() ? 0 : 1;
    }

    /** A parked claim that is due, or nothing. */
    @Nullable Execution pollParked() {
        Execution first = parked.peek();
        return first == null || clock.nanos() - first.dueAt < 0 ? null : unparked(first);
    }

    /** The failed message that is due first, though it is not due yet. */
    @Nullable Execution pollFirstFailed() {
        return parked.stream()
                .filter(execution -> !execution.isUntried())
                .min(parked.comparator())
                .map(this::unparked)
                .orElse(null);
    }

    private Execution unparked(Execution execution) {
        unpark(execution);
        return execution;
    }

    /** A handler that has run too long, or nothing. */
    @Nullable Execution pollTimedOut() {
        Execution oldest = oldest();
        if (oldest == null || clock.nanos() - timeoutOf(oldest) < 0) {
            return null;
        }
        watched.remove(oldest);
        return oldest;
    }

    private @Nullable Execution oldest() {
        return watched.isEmpty() ? null : watched.iterator().next();
    }

    /** How long nothing will be due, not even for a handler that starts meanwhile; never negative. */
    long quietNanos() {
        long quiet =
                handlerTimeout == null ? LONGEST_WAIT_NANOS : Math.min(LONGEST_WAIT_NANOS, handlerTimeout.toNanos());
        Execution first = parked.peek();
        if (first != null) {
            quiet = Math.min(quiet, first.dueAt - clock.nanos());
        }
        Execution oldest = oldest();
        if (oldest != null) {
            quiet = Math.min(quiet, timeoutOf(oldest) - clock.nanos());
        }
        return Math.max(0, quiet);
    }

    private long timeoutOf(Execution running) {
        return handlerTimeout == null ? Long.MAX_VALUE : running.startedAt + handlerTimeout.toNanos();
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        context.wakeStepTaker();
    }
}
