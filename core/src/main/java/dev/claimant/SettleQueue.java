package dev.claimant;

import dev.claimant.Execution.Stage;
import dev.claimant.Settlement.Kind;
import dev.claimant.spi.Capabilities;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The decided settlements on their way to the source. One queue for each kind, at most one call under way for each: settlements that are
 * decided meanwhile go together in the next call. Needs the engine's lock, except {@link #await}.
 */
final class SettleQueue {

    private static final long FIRST_PAUSE_NANOS = 50_000_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000_000;

    private static final class KindQueue {
        final ArrayDeque<Execution> waiting = new ArrayDeque<>();
        final Condition work;
        final Backoff backoff;

        /** After a call that left a verdict missing. */
        long pausedUntil;

        /** Counted from the last call, so that a source which answers at once does not get each settlement in a call of its own. */
        long gathersUntil;

        /** The thread waits for the next settlement, without a time-out. */
        boolean idle;

        KindQueue(Condition work, Backoff backoff, long now) {
            this.work = work;
            this.backoff = backoff;
            this.pausedUntil = now;
            this.gathersUntil = now;
        }
    }

    private final ReentrantLock lock;
    private final Clock clock;
    private final int batchSize;
    private final long lingerNanos;
    private final BooleanSupplier mayGather;
    private final Map<Kind, KindQueue> queues = new EnumMap<>(Kind.class);
    private int unsettled;
    private boolean draining;
    private boolean closed;

    /**
     * Empty queues.
     *
     * @param mayGather whether settlements may wait for others now, as long as the source's linger says; a full batch never waits
     */
    SettleQueue(EngineContext context, RandomGenerator random, Capabilities source, BooleanSupplier mayGather) {
        this.lock = context.lock;
        this.clock = context.clock;
        this.batchSize = source.settlementBatch();
        this.lingerNanos = source.settlementLinger().toNanos();
        this.mayGather = mayGather;
        for (Kind kind : Kind.values()) {
            queues.put(
                    kind,
                    new KindQueue(
                            lock.newCondition(),
                            new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS, random),
                            clock.nanos()));
        }
    }

    /** Settlements without a verdict. */
    int unsettled() {
        return unsettled;
    }

    void add(Execution execution, Settlement settlement) {
        execution.stage = Stage.SETTLING;
        execution.outcome = Outcome.settle(settlement).after(execution.outcome);
        unsettled++;
        enqueue(execution);
    }

    /** It is unknown whether the source has applied it: it is sent again, after a pause. */
    void repeat(Execution execution) {
        execution.outcome = Outcome.settle(execution.end().asRepeated());
        enqueue(execution);
    }

    /** The verdict on a settlement has come, or will never come. */
    void recordEnded() {
        unsettled--;
    }

    /** A call has returned; after one that left a verdict missing, that kind pauses. */
    void answered(Kind kind, boolean anyUnknown) {
        KindQueue queue = queueOf(kind);
        long now = clock.nanos();
        queue.pausedUntil = now;
        queue.gathersUntil = now + lingerNanos;
        if (anyUnknown) {
            queue.pausedUntil += queue.backoff.nextNanos();
        } else {
            queue.backoff.reset();
        }
    }

    /** What the next call of the kind carries, marked as in flight; empty if there is nothing, or it pauses. */
    List<Execution> poll(Kind kind) {
        KindQueue queue = queueOf(kind);
        if (queue.waiting.isEmpty() || restNanos(queue) > 0) {
            return List.of();
        }
        List<Execution> batch = new ArrayList<>(Math.min(queue.waiting.size(), batchSize));
        while (batch.size() < batchSize) {
            Execution next = queue.waiting.poll();
            if (next == null) {
                break;
            }
            if (sendable(next) && !next.endangered) {
                next.inFlight = true;
                batch.add(next);
            }
        }
        return batch;
    }

    /** The same for claims whose time is short: of one kind, whatever the kind's pause says. */
    List<Execution> pollEndangered(List<Execution> endangered) {
        List<Execution> batch = new ArrayList<>();
        Kind kind = null;
        for (Execution execution : endangered) {
            if (sendable(execution) && (kind == null || kind == execution.end().kind())) {
                kind = execution.end().kind();
                execution.inFlight = true;
                batch.add(execution);
            }
        }
        return batch;
    }

    private static boolean sendable(Execution execution) {
        return execution.is(Stage.SETTLING) && !execution.inFlight;
    }

    private KindQueue queueOf(Kind kind) {
        return Objects.requireNonNull(queues.get(kind));
    }

    /** How long the next call must wait. */
    private long restNanos(KindQueue queue) {
        long now = clock.nanos();
        long pause = queue.pausedUntil - now;
        boolean gathers = queue.waiting.size() < batchSize && mayGather();
        return gathers ? Math.max(pause, queue.gathersUntil - now) : pause;
    }

    private boolean mayGather() {
        return !draining && mayGather.getAsBoolean();
    }

    private void enqueue(Execution execution) {
        Kind kind = execution.end().kind();
        KindQueue queue = queueOf(kind);
        queue.waiting.add(execution);
        if (!mayGather()) {
            signalThoseThatWait(); // those of another kind may be what holds up the worker
        } else if (queue.idle || queue.waiting.size() == batchSize) { // a thread that rests wakes by itself
            queue.work.signal();
        }
    }

    /** From now on no settlement waits for others: the worker drains. */
    void gatherNoMore() {
        draining = true;
        signalAll();
    }

    /** Where nothing waits there is nothing to send, and waking a thread costs more than a short handler. */
    private void signalThoseThatWait() {
        for (KindQueue queue : queues.values()) {
            if (!queue.waiting.isEmpty()) {
                queue.work.signal();
            }
        }
    }

    private void signalAll() {
        for (KindQueue queue : queues.values()) {
            queue.work.signal();
        }
    }

    /** Blocks until the kind has something to send; empty when there will be nothing any more. */
    List<Execution> await(Kind kind) throws InterruptedException {
        KindQueue queue = queueOf(kind);
        lock.lock();
        try {
            while (!closed) {
                queue.idle = false;
                List<Execution> batch = poll(kind);
                if (!batch.isEmpty()) {
                    return batch;
                }
                long rest = restNanos(queue);
                if (rest > 0 || !queue.waiting.isEmpty()) { // the rest may have ended since the poll
                    queue.work.awaitNanos(rest);
                } else {
                    queue.idle = true;
                    queue.work.await();
                }
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        signalAll();
    }
}
