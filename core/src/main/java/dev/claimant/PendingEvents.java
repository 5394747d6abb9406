package dev.claimant;

import static dev.claimant.WorkerLog.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events that listeners have not heard yet. An event is added under the engine's lock, in the step that makes it true, and delivered
 * without it, in this order, on a thread of its own: a slow listener delays other events and nothing else. A worker is not quiet before
 * everything is told, so that the caller of a drain and a Job's result know of every settlement.
 */
final class PendingEvents implements Threads.Loop {

    /** A listener that cannot keep up slows the claims down: more events than these are not kept. */
    static final int MOST_UNTOLD = 10_000;

    /** From then on an operator should know that nothing is claimed because of a listener. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** After a delivery, for more to come: waking a thread costs more than most events do. */
    private static final long GATHERING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EngineContext context;
    private final List<WorkerListener> listeners;
    private List<Consumer<WorkerListener>> untold = new ArrayList<>();
    private int deliveries;

    /** More is untold than is kept. */
    private volatile boolean full;

    private boolean closed;

    /** Since when listeners hold up the claims. */
    private volatile @Nullable Long heldUpSince;

    private volatile @Nullable Thread thread;
    private volatile boolean sleeping;

    /** The threads that are in a listener now. */
    private final Set<Thread> delivering = ConcurrentHashMap.newKeySet();

    PendingEvents(EngineContext context, List<WorkerListener> listeners) {
        this.context = context;
        this.listeners = listeners;
    }

    /** With the lock held. */
    void add(Consumer<WorkerListener> event) {
        untold.add(event);
        if (untold.size() > MOST_UNTOLD) {
            full = true;
        }
    }

    /** Without the lock: adds and delivers. */
    void tell(Consumer<WorkerListener> event) {
        context.locked(() -> add(event));
        deliver();
    }

    /** With the lock held. */
    boolean allTold() {
        return untold.isEmpty() && deliveries == 0;
    }

    /** Whether the calling thread is in a listener: it cannot wait until everything is told. */
    boolean isDelivering() {
        return delivering.contains(Thread.currentThread());
    }

    /** Without the lock: sees to it that what was added is told. Done here only as long as there is no thread for it. */
    void deliver() {
        Thread deliverer = thread;
        if (deliverer == null) {
            deliverHere();
        } else if (sleeping) {
            sleeping = false; // once is enough, however long the thread gets no processor
            LockSupport.unpark(deliverer);
        }
    }

    /** Blocks while listeners are too far behind, and warns of one that may never return. */
    void awaitRoom() throws InterruptedException {
        for (long patience = PATIENCE_NANOS; full && !hasRoomWithin(patience); patience *= 2) {
            log.warn("Nothing is claimed any more, for a listener has not returned for {} s", patience / 1_000_000_000);
        }
    }

    private boolean hasRoomWithin(long nanos) throws InterruptedException {
        context.lock.lock();
        try {
            long left = nanos;
            while (untold.size() > MOST_UNTOLD && !closed) {
                if (left <= 0) {
                    return false;
                }
                heldUpSince = heldUpSince == null ? context.clock.nanos() : heldUpSince;
                left = context.progress.awaitNanos(left);
            }
            return true;
        } finally {
            context.lock.unlock();
        }
    }

    /** Whether listeners have held up the claims for so long. */
    boolean holdUpClaimsFor(long nanos) {
        Long since = heldUpSince;
        return since != null && context.clock.nanos() - since >= nanos;
    }

    /** Whether listeners have held up the claims for longer than a slow one would. */
    boolean holdUpClaims() {
        return holdUpClaimsFor(PATIENCE_NANOS);
    }

    /** Starts the thread that will {@link #loop}: from now on no event is told on another one, which a listener could hold up. */
    void deliverOn(Thread deliverer) {
        thread = deliverer;
        boolean started = false;
        try {
            deliverer.start();
            started = true;
        } finally {
            if (!started) {
                thread = null;
            }
        }
    }

    /** Delivers until the engine is closed and everything is told. */
    @Override
    public void loop() {
        while (deliverHere() || !context.locked(this::endIfClosed)) {
            LockSupport.parkNanos(this, GATHERING_NANOS);
            sleepUntilThereIsMore();
        }
    }

    private void sleepUntilThereIsMore() {
        sleeping = true;
        while (context.handInAndAwait(() -> untold.isEmpty() && !closed)) {
            while (sleeping) { // looked at each time: the step may have used up the wake-up
                LockSupport.park(this);
                Thread.interrupted(); // a listener's
            }
            sleeping = true;
        }
        sleeping = false;
    }

    /** From now on the thread that adds an event also tells it; few may still come. */
    private boolean endIfClosed() {
        if (closed && untold.isEmpty()) {
            thread = null;
        }
        return thread == null;
    }

    /** From now on only {@link #deliverHere} delivers: the calling thread will. */
    void deliverLater() {
        thread = Thread.currentThread();
    }

    /** Tells all events that are left, on the calling thread; returns whether there were any. */
    boolean deliverHere() {
        List<Consumer<WorkerListener>> events = context.handInAndAwait(this::begin);
        if (events.isEmpty()) {
            return false;
        }
        boolean outermost = delivering.add(Thread.currentThread());
        for (Consumer<WorkerListener> event : events) {
            tellAll(listeners, event);
        }
        if (outermost) {
            delivering.remove(Thread.currentThread());
        }
        context.handIn(this::end);
        return true;
    }

    /** What is untold now: never the queue that others still add to. */
    private List<Consumer<WorkerListener>> begin() {
        if (untold.isEmpty()) {
            return List.of();
        }
        List<Consumer<WorkerListener>> events = untold;
        untold = new ArrayList<>(events.size()); // about as many will come until the next look
        full = false;
        heldUpSince = null;
        deliveries++;
        return events;
    }

    private void end() {
        deliveries--;
        context.progress.signalAll();
    }

    /** With the lock held. Call {@link #deliver} afterwards. */
    void close() {
        closed = true;
    }

    /** No listener can disturb the worker or the others: neither by what it throws nor by an interrupt that it leaves behind. */
    static void tellAll(List<WorkerListener> listeners, Consumer<WorkerListener> event) {
        boolean interrupted = Thread.interrupted();
        for (WorkerListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable e) { // whatever it is, it is the listener's failure and not the worker's
                log.warn("A listener failed: {}", listener, e);
            }
        }
        Thread.interrupted();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
