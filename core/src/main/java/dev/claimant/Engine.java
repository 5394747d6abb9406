package dev.claimant;

import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The parts of a running worker, wired. One lock guards the state of all of them; it is never held during a call to the source, a handler
 * or a listener.
 */
final class Engine implements Events {

    private static final long LONGEST_CALL_NANOS = TimeUnit.SECONDS.toNanos(10);

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
    final Shared shared;

    Engine(
            Settings settings,
            Capabilities source,
            Shared shared,
            Handler handler,
            RandomGenerator random,
            Crew crew,
            Parts parts) {
        this.shared = shared;
        long lockNanos = source.lockLength().toNanos();
        Duration callBound = Duration.ofNanos(Math.min(lockNanos / 3, LONGEST_CALL_NANOS));
        HandlerTimes times = new HandlerTimes();

        slots = new Slots(shared, settings.slots, () -> crew.addRunner(this));
        settling = new SettleQueue(shared, random, slots, !settings.ordered, kind -> crew.addSettler(this, kind));
        held = parts.held(shared, lockNanos);
        deadlines = new Deadlines(shared, settings.handlerTimeout);
        budgets = new Budgets(slots, settling, held, times, settings, lockNanos);
        demand = new Demand(shared, source.claimers(), lockNanos, budgets, settings.job, random);
        lifecycle = new Lifecycle(
                shared,
                parts.endings(settings, source, random),
                held,
                slots,
                settling,
                deadlines,
                budgets,
                demand,
                settings.ordered ? parts.lanes() : null);

        claimLoop = new ClaimLoop(shared, demand, lifecycle);
        runner = new Runner(shared, slots, deadlines, times, lifecycle, handler);
        lockKeeper = new LockKeeper(shared, held, lifecycle, callBound);
        settler = new Settler(shared, settling, lifecycle, callBound);
        timer = new Timer(shared, deadlines, lifecycle);
        drain = new Drain(shared, lifecycle, settings);
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
        shared.locked(demand::wake);
    }

    WorkerStats stats(long stuckNanos) {
        return shared.locked(() -> new WorkerStats(
                slots.size(),
                slots.running(),
                slots.stuckFor(stuckNanos),
                slots.waiting(),
                deadlines.parked(),
                settling.unsettled(),
                held.size()));
    }
}
