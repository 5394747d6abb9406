package dev.claimant;

import dev.claimant.Settlement.Kind;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One engine in the simulation, with a body for each of its loops: none is entered twice at a time, unless it has several threads. */
final class SimulatedWorker implements WorkerListener {

    private final Simulation simulation;
    private final Laws laws;
    private final Set<Object> busyLoops = new HashSet<>();
    private final List<Claim> claimed = new ArrayList<>();

    /** Those whose handler ignored the end of the drain. */
    private final Set<Claim> abandoned = new HashSet<>();

    private final int maxHeld;
    final SimulatedSource source;
    final Engine engine;
    final @Nullable String owner;

    /** Handlers that run, in no order. */
    final List<Execution> running = new ArrayList<>();

    /** Claims whose end the source has announced, and until when; empty for none. */
    List<Execution> endangered = List.of();

    /** A law that an announcement broke; a worker takes no notice of what its listeners throw. */
    private @Nullable AssertionError finding;

    long endangeredUntil;
    long drainBegan;
    boolean draining;
    boolean stopped;

    SimulatedWorker(
            Simulation simulation, InMemoryQueue queue, @Nullable String owner, RandomGenerator random, Parts parts) {
        this.simulation = simulation;
        this.laws = simulation.laws;
        this.source = new SimulatedSource(simulation, queue);
        this.owner = owner;
        Settings settings = simulation.scenario.settings(owner);
        this.maxHeld = settings.maxHeld();
        DeferredEvents events = new DeferredEvents();
        Capabilities capabilities = source.open(settings.plan(), events);
        Listeners listeners = new Listeners(List.of(this));
        this.engine = new Engine(
                settings,
                capabilities,
                new EngineContext(simulation.clock, new GuardedSource(source, listeners), listeners),
                claim -> {},
                random,
                new Rig.NoThreads(),
                parts);
        events.deliverTo(engine);
    }

    // ---- one turn of each loop

    void claim() {
        int demand = busyLoops.contains("claim") ? 0 : engine.demand.poll();
        if (demand > 0) {
            alone("claim", () -> engine.claimLoop.claim(demand));
        }
    }

    void start() {
        Execution next = stopped ? null : engine.slots.poll(new Thread("not started"));
        if (next != null && engine.runner.mayBegin(next)) {
            if (engine.deadlines.limitHandlers()) {
                locked(() -> {
                    engine.deadlines.started(next);
                    return 0L;
                });
            }
            laws.started(next);
            running.add(next);
        }
    }

    void handlerReturns(Execution execution, @Nullable Throwable failure) {
        running.remove(execution);
        laws.returned(execution, failure);
        engine.runner.returned(execution, failure);
    }

    void settle(Kind kind) {
        List<Execution> batch = busyLoops.contains(kind) ? List.of() : engine.settling.poll(kind);
        if (!batch.isEmpty()) {
            laws.aboutToSettle(batch);
            alone(kind, () -> engine.settler.settle(batch));
        }
    }

    void renew() {
        List<Execution> batch = busyLoops.contains("renew") ? List.of() : engine.held.poll();
        if (!batch.isEmpty()) {
            alone("renew", () -> engine.lockKeeper.renew(batch));
        }
    }

    void settleEndangered() {
        if (endangered.isEmpty()) {
            return;
        }
        if (simulation.clock.nanos() - endangeredUntil >= 0) {
            List<Claim> left =
                    endangered.stream().map(execution -> execution.claim).toList();
            endangered = List.of();
            engine.lockKeeper.lost(left);
            left.forEach(simulation::takeLockAway);
            return;
        }
        List<Execution> batch =
                busyLoops.contains("endangered") ? List.of() : engine.settler.pollEndangered(endangered);
        if (!batch.isEmpty()) {
            laws.aboutToSettle(batch);
            alone("endangered", () -> engine.settler.settle(batch));
        }
    }

    void beginDrain() {
        if (!draining) {
            draining = true;
            drainBegan = simulation.clock.nanos();
            engine.drain.begin();
        }
    }

    /** How long the drain waits for more. */
    long drainStep() {
        long wait = locked(engine.drain::step);
        long took = simulation.clock.nanos() - drainBegan;
        long bound = Scenario.DRAIN.plus(Scenario.FLUSH).toNanos();
        Laws.check(took + wait <= bound, "the drain takes longer than " + bound + " ns", took + wait);
        if (wait == 0) {
            engine.drain.finish();
            stopped = true;
            running.forEach(execution -> abandoned.add(execution.claim));
            Laws.check(engine.held.size() == 0, "still held after the drain", engine.stats(0));
        }
        return wait;
    }

    /** Whether a Job has come to its end. */
    boolean jobIsDone() {
        return owner != null && locked(() -> engine.demand.isClosed() && engine.lifecycle.isQuiet());
    }

    private <T> T locked(Supplier<T> action) {
        engine.context.lock.lock();
        try {
            return action.get();
        } finally {
            engine.context.lock.unlock();
        }
    }

    void check() {
        if (finding != null) {
            throw finding;
        }
        laws.withinBudgets(engine.stats(0), maxHeld);
    }

    /** After the last step of a run that ended in order: every claim has come to one end. */
    void checkEveryClaimEnded() {
        check();
        for (Claim claim : claimed) {
            Laws.check(abandoned.contains(claim) || laws.hasEnded(claim), "a claim has come to no end", claim);
        }
        WorkerStats stats = engine.stats(0);
        Laws.check(stats.held() + stats.unsettled() + stats.waiting() + stats.parked() == 0, "left over", stats);
    }

    private interface Turn {
        void take() throws InterruptedException;
    }

    private void alone(Object loop, Turn turn) {
        busyLoops.add(loop);
        try {
            turn.take();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            busyLoops.remove(loop);
        }
    }

    boolean isBusy() {
        return !busyLoops.isEmpty();
    }

    // ---- what the engine announces

    @Override
    public void claimed(Claim claim) {
        if (!draining) {
            claimed.add(claim);
        }
    }

    @Override
    public void settled(Settlement settlement, Verdict verdict) {
        keepFinding(() -> laws.ended(settlement.claim(), settlement.getClass().getSimpleName() + " " + verdict));
    }

    @Override
    public void lockLost(Claim claim) {
        keepFinding(() -> {
            laws.ended(claim, "lock lost");
            for (Execution execution : running) {
                if (execution.claim == claim) {
                    Laws.check(
                            execution.stopReason == Execution.StopReason.LOCK_LOST,
                            "a handler goes on without its lock",
                            claim);
                }
            }
        });
    }

    private void keepFinding(Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            finding = finding == null ? e : finding;
        }
    }
}
