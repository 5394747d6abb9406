package dev.claimant;

import dev.claimant.Execution.Stage;
import dev.claimant.spi.Settlement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The decided ends on their way to the source. One lane per kind of settlement, at most one call under way in each: what is decided
 * meanwhile goes together in the next call. Needs the engine's lock, but for {@link #await}.
 */
final class SettleQueue {

    /** The kinds, as lanes; the first carries nearly everything. */
    enum Kind {
        COMPLETE,
        RETRY,
        RELEASE,
        DEAD_LETTER;

        static Kind of(Settlement settlement) {
            if (settlement instanceof Settlement.Complete) {
                return COMPLETE;
            }
            if (settlement instanceof Settlement.Retry) {
                return RETRY;
            }
            return settlement instanceof Settlement.Release ? RELEASE : DEAD_LETTER;
        }
    }

    private static final int MAX_BATCH = 500;

    /** Counted from the last call: as long as handlers run, so that a source which answers at once does not get every end by itself. */
    private static final long GATHERING_NANOS = 1_000_000;

    private static final long FIRST_PAUSE_NANOS = 50_000_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000_000;

    private static final class Lane {
        final ArrayDeque<Execution> queue = new ArrayDeque<>();
        final Condition work;
        final Backoff backoff;

        /** After a call that left something open. */
        long pausedUntil;

        long gathersUntil;
        boolean hasThread;

        /** The thread waits for an end, whenever that comes. */
        boolean idle;

        Lane(Condition work, Backoff backoff) {
            this.work = work;
            this.backoff = backoff;
        }
    }

    private final ReentrantLock lock;
    private final Clock clock;
    private final Slots slots;
    private final boolean gather;
    private final Consumer<Kind> addThread;
    private final Map<Kind, Lane> lanes = new EnumMap<>(Kind.class);
    private int unsettled;
    private boolean closed;

    /**
     * Lanes without threads yet.
     *
     * @param gather whether ends may wait a moment for others; not where successors wait for them
     * @param addThread starts the thread that loops over {@link #await} for the kind; called at the first settlement of that kind
     */
    SettleQueue(Shared shared, RandomGenerator random, Slots slots, boolean gather, Consumer<Kind> addThread) {
        this.lock = shared.lock;
        this.clock = shared.clock;
        this.slots = slots;
        this.gather = gather;
        this.addThread = addThread;
        for (Kind kind : Kind.values()) {
            lanes.put(kind, new Lane(lock.newCondition(), new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS, random)));
        }
    }

    /** Ends decided and not answered. */
    int unsettled() {
        return unsettled;
    }

    void add(Execution execution, Settlement settlement) {
        execution.stage = Stage.SETTLING;
        execution.settlement = settlement;
        unsettled++;
        enqueue(execution, settlement);
    }

    /** Nobody knows whether the source has it: it is asked again, after a pause. */
    void repeat(Execution execution) {
        Settlement repeated = execution.end().asRepeated();
        execution.settlement = repeated;
        enqueue(execution, repeated);
    }

    /** An end is answered, or will never be. */
    void over() {
        unsettled--;
    }

    /** A call came back; after one that left something open, the lane pauses. */
    void answered(Kind kind, boolean anyUnknown) {
        Lane lane = lane(kind);
        long now = clock.nanos();
        lane.pausedUntil = now;
        lane.gathersUntil = gather ? now + GATHERING_NANOS : now;
        if (anyUnknown) {
            lane.pausedUntil += lane.backoff.nextNanos();
        } else {
            lane.backoff.reset();
        }
    }

    /** What the next call of the lane carries, marked as in flight; empty if there is nothing, or it pauses. */
    List<Execution> poll(Kind kind) {
        Lane lane = lane(kind);
        if (lane.queue.isEmpty() || restNanos(lane) > 0) {
            return List.of();
        }
        List<Execution> batch = new ArrayList<>(Math.min(lane.queue.size(), MAX_BATCH));
        while (batch.size() < MAX_BATCH) {
            Execution next = lane.queue.poll();
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

    /** The same for claims whose time is short: of one kind, whatever the lane's pause says. */
    List<Execution> pollEndangered(List<Execution> endangered) {
        List<Execution> batch = new ArrayList<>();
        Kind kind = null;
        for (Execution execution : endangered) {
            Settlement settlement = execution.settlement;
            if (settlement != null && sendable(execution) && (kind == null || kind == Kind.of(settlement))) {
                kind = Kind.of(settlement);
                execution.inFlight = true;
                batch.add(execution);
            }
        }
        return batch;
    }

    private static boolean sendable(Execution execution) {
        return execution.is(Stage.SETTLING) && !execution.inFlight;
    }

    private Lane lane(Kind kind) {
        return Objects.requireNonNull(lanes.get(kind));
    }

    /** How long the next call must wait. */
    private long restNanos(Lane lane) {
        long now = clock.nanos();
        long pause = lane.pausedUntil - now;
        return slots.areBusy() ? Math.max(pause, lane.gathersUntil - now) : pause;
    }

    private void enqueue(Execution execution, Settlement settlement) {
        Kind kind = Kind.of(settlement);
        Lane lane = lane(kind);
        lane.queue.add(execution);
        if (!lane.hasThread) {
            lane.hasThread = true;
            lane.pausedUntil = clock.nanos();
            lane.gathersUntil = lane.pausedUntil;
            addThread.accept(kind);
        } else if (lane.idle || restNanos(lane) <= 0) {
            lane.work.signal();
        }
    }

    /** Blocks until the lane has something to send; empty when there will be nothing any more. */
    List<Execution> await(Kind kind) throws InterruptedException {
        Lane lane = lane(kind);
        lock.lock();
        try {
            while (!closed) {
                lane.idle = false;
                List<Execution> batch = poll(kind);
                if (!batch.isEmpty()) {
                    return batch;
                }
                long rest = restNanos(lane);
                if (rest > 0 || !lane.queue.isEmpty()) { // the rest may have ended since the poll
                    lane.work.awaitNanos(rest);
                } else {
                    lane.idle = true;
                    lane.work.await();
                }
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        for (Lane lane : lanes.values()) {
            lane.work.signalAll();
        }
    }
}
