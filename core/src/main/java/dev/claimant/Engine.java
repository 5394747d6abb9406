package dev.claimant;

import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The parts of a running worker, wired. One lock guards the state of all of them; it is never held during a call to the source, a handler
 * or a listener.
 */
final class Engine implements Events {

    private static final long LONGEST_CALL_NANOS = TimeUnit.SECONDS.toNanos(10);

    final Clock clock;
    final Slots slots;
    final SettleQueue settling;
    final Held held;
    final Deadlines deadlines;
    final Demand demand;
    final Budgets budgets;

    final ClaimLoop claimLoop;
    final Runner runner;
    final LockKeeper lockKeeper;
    final Settler settler;
    final Timer timer;
    final Drain drain;

    final Lifecycle lifecycle;

    final ReentrantLock lock = new ReentrantLock();

    Engine(
            Settings settings,
            Capabilities source,
            Seam seam,
            Handler handler,
            Listeners listeners,
            Clock clock,
            RandomGenerator random,
            Crew crew,
            Parts parts) {
        this.clock = clock;
        long lockNanos = source.lockLength().toNanos();
        Duration callBound = Duration.ofNanos(Math.min(lockNanos / 3, LONGEST_CALL_NANOS));
        Condition progress = lock.newCondition();
        Announcements announcements = new Announcements(lock, progress, listeners);
        HandlerTimes times = new HandlerTimes();

        slots = new Slots(settings.slots, lock, () -> crew.addRunner(this));
        settling = new SettleQueue(lock, clock, random, kind -> crew.addSettler(this, kind));
        held = parts.held(lock, clock, lockNanos);
        deadlines = new Deadlines(lock, clock, settings.handlerTimeout);
        budgets = new Budgets(slots, settling, held, times, settings, lockNanos);
        demand = new Demand(lock, clock, source.claimers(), lockNanos, budgets, settings.job, random);
        lifecycle = new Lifecycle(
                clock,
                parts.endings(settings, source, random),
                held,
                slots,
                settling,
                deadlines,
                budgets,
                demand,
                settings.ordered ? parts.lanes() : null,
                announcements,
                progress);

        claimLoop = new ClaimLoop(lock, demand, lifecycle, seam, listeners, announcements);
        runner = new Runner(lock, clock, slots, deadlines, times, lifecycle, handler, listeners, announcements);
        lockKeeper = new LockKeeper(lock, clock, held, lifecycle, seam, announcements, listeners, callBound);
        settler = new Settler(lock, clock, settling, lifecycle, progress, seam, announcements, callBound);
        timer = new Timer(lock, clock, deadlines, lifecycle, announcements);
        drain = new Drain(lock, clock, progress, lifecycle, seam, announcements, settings);
    }

    @Override
    public void lost(List<Claim> claims) {
        lockKeeper.lost(claims);
    }

    @Override
    public void endangered(List<Claim> claims, Duration finishWithin) {
        lockKeeper.lost(settler.settleEndangered(claims, finishWithin));
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            demand.wake();
        } finally {
            lock.unlock();
        }
    }

    WorkerStats stats(long stuckNanos) {
        lock.lock();
        try {
            return new WorkerStats(
                    slots.size(),
                    slots.running(),
                    slots.stuckFor(stuckNanos, clock.nanos()),
                    slots.waiting(),
                    deadlines.parked(),
                    settling.unsettled(),
                    held.size());
        } finally {
            lock.unlock();
        }
    }
}
