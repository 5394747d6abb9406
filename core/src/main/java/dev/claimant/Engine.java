package dev.claimant;

import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a running worker, wired. One lock guards the state of all of them; it is never held during a call to the source, a handler
 * or a listener.
 */
final class Engine implements Events {

    private static final long LONGEST_CALL_NANOS = TimeUnit.SECONDS.toNanos(10);

    final Slots slots;
    final SettleQueue settling;
    final HeldClaims held;
    final Deadlines deadlines;
    final Demand demand;
    final Budgets budgets;
    final Suspects suspects;

    final ClaimLoop claimLoop;
    final Runner runner;
    final LockKeeper lockKeeper;
    final Settler settler;
    final Timer timer;
    final Drain drain;

    final WaitingClaims waiting;
    final ClaimLifecycle lifecycle;
    final EngineContext context;

    private final @Nullable JobOptions job;
    private final boolean reservation;
    private final Duration callBound;
    private volatile boolean suspended;

    Engine(
            Settings settings,
            Capabilities source,
            EngineContext context,
            Handler handler,
            OutcomePolicy outcomes,
            RandomGenerator random) {
        this.context = context;
        long lockNanos = source.lockLength().toNanos();
        job = settings.job;
        reservation = source.reservation();
        callBound = Duration.ofNanos(Math.min(lockNanos / 3, LONGEST_CALL_NANOS));
        HandlerTimes times = new HandlerTimes();

        slots = new Slots(context, settings.slots);
        settling = new SettleQueue(context, random, source, () -> mayGather(settings.ordered));
        held = new HeldClaims(context, lockNanos, callBound.toNanos());
        deadlines = new Deadlines(context, settings.handlerTimeout);
        suspects = new Suspects(slots, settling, source.releaseCounted());
        budgets = new Budgets(slots, settling, held, deadlines, suspects, times, settings, source);
        demand = new Demand(context, source, budgets, settings.job, random);
        Drain.Progress progress = new Drain.Progress();
        GatheringClaims gathering = new GatheringClaims(context, slots, demand);
        OrderingLanes lanes = settings.ordered ? new OrderingLanes() : null;
        waiting = new WaitingClaims(
                context, outcomes, held, slots, settling, deadlines, suspects, budgets, demand, progress, gathering,
                lanes);
        lifecycle = new ClaimLifecycle(
                context, outcomes, held, slots, settling, deadlines, suspects, budgets, demand, waiting, progress,
                gathering, lanes);

        claimLoop = new ClaimLoop(context, demand, waiting, callBound);
        lockKeeper = new LockKeeper(context, held, lifecycle, callBound);
        runner = new Runner(context, slots, times, waiting, lifecycle, lockKeeper, handler);
        settler = new Settler(context, settling, lifecycle, callBound);
        timer = new Timer(context, deadlines, lifecycle);
        drain = new Drain(this, progress, settings);
        context.source.reportTo(this);
    }

    /** Whether a settlement may wait for others: more are to come, no successor waits for it, and its budget is not what claims wait for. */
    private boolean mayGather(boolean ordered) {
        return !ordered && slots.areBusy() && !budgets.areHeldUpBySettlements();
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
        context.handIn(demand::wake);
    }

    /** Claims no more for now, or again. What was asked for last holds: of two steps that are handed in, the later may be taken first. */
    void suspend(boolean now) {
        suspended = now;
        context.handIn(() -> demand.suspend(suspended));
    }

    /**
     * Takes what is reserved for this Job and hands it back, so that it is due for everyone: the Job may have no further pod. One look,
     * without a wait; where nothing is reserved, it may meet another message, which goes back untried.
     */
    void handBackReserved() {
        if (job == null || job.owner() == null || !reservation || demand.hasClaimed()) {
            return;
        }
        List<Claim> claims = context.source.claim(job.messages(), Duration.ZERO);
        if (claims != null && !claims.isEmpty()) {
            context.source.settle(
                    List.copyOf(claims.stream().map(Settlement.Release::new).toList()), callBound);
        }
    }

    /** Whether nothing is held, running or being claimed. Needs the lock. */
    boolean isIdle() {
        return held.size() == 0 && slots.running() == 0 && demand.callsUnderWay() == 0;
    }

    /** Whether no handler runs or will run. Needs the lock. */
    boolean handlersAreDone() {
        return slots.running() == 0 && slots.waiting() == 0 && demand.callsUnderWay() == 0;
    }

    /** Ends all loops. Needs the lock. */
    void close() {
        demand.close();
        slots.close();
        settling.close();
        held.close();
        deadlines.close();
        context.pendingEvents.close();
        context.progress.signalAll();
    }

    WorkerStats stats(long stuckNanos) {
        return context.handInAndAwait(() -> new WorkerStats(
                slots.size(),
                slots.running(),
                slots.stuckFor(stuckNanos),
                slots.waiting(),
                deadlines.parked(),
                settling.unsettled(),
                held.size()));
    }
}
