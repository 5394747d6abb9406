package dev.claimant;

import dev.claimant.Settlement.Kind;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities;
import java.time.Duration;
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

    private final List<Claim> toldLate = new ArrayList<>();
    private final PlantedDefect defect;
    private final int maxHeld;
    final SimulatedSource source;
    final Engine engine;
    final @Nullable String owner;

    /** Handlers that run, in no order. */
    final List<Execution> running = new ArrayList<>();

    /** Claims whose end the source has announced, and until when; empty for none. */
    List<Execution> endangered = List.of();

    long endangeredUntil;
    long drainBegan;
    boolean draining;
    boolean stopped;

    SimulatedWorker(
            Simulation simulation,
            InMemoryQueue queue,
            @Nullable String owner,
            RandomGenerator random,
            PlantedDefect defect) {
        this.simulation = simulation;
        this.laws = simulation.laws;
        this.source = new SimulatedSource(simulation, queue);
        this.owner = owner;
        Settings settings = simulation.scenario.settings(owner);
        this.maxHeld = settings.maxHeld();
        EngineContext context = new EngineContext(simulation.clock, source, List.of(new HostileListener(), this));
        Capabilities capabilities = source.open(settings.plan(), context.source);
        this.engine = new Engine(
                settings, capabilities, context, claim -> {}, outcomes(settings, capabilities, random, defect), random);
        this.defect = defect;
        this.engine.context.pendingEvents.deliverLater();
    }

    // ---- one turn of each loop

    void claim() {
        int demand = busyLoops.contains("claim") ? 0 : engine.demand.poll();
        if (demand > 0) {
            alone("claim", () -> engine.claimLoop.claim(demand));
        }
    }

    void start() {
        if (defect == PlantedDefect.RUNS_ONE_ORDERING_KEY_IN_PARALLEL) {
            engine.context.locked(() -> {
                engine.slots.unblock();
                engine.held.all().stream()
                        .filter(held -> held.is(Execution.Stage.WAITING))
                        .forEach(held -> engine.slots.ready(held, false));
            });
        }
        Execution next = stopped ? null : startNext();
        if (next != null && mayBegin(next)) {
            simulation.tellEverything();
            laws.started(next);
            running.add(next);
        }
    }

    void handlerReturns(Execution execution, @Nullable Throwable failure) {
        running.remove(execution);
        laws.returned(execution, failure);
        engine.context.locked(engine.runner.returned(execution, misunderstood(execution, failure)));
    }

    private @Nullable Throwable misunderstood(Execution execution, @Nullable Throwable failure) {
        Execution.StopReason stop = execution.stopReason;
        if (defect == PlantedDefect.BELIEVES_HANDLERS_WITHOUT_A_LOCK && stop == Execution.StopReason.LOCK_LOST) {
            execution.stopReason = null;
        } else if (defect == PlantedDefect.BURNS_ATTEMPTS_IN_A_DRAIN && stop == Execution.StopReason.DRAINED) {
            execution.stopReason = null;
            return new Exception("drained");
        }
        return failure;
    }

    private static OutcomePolicy outcomes(
            Settings settings, Capabilities capabilities, RandomGenerator random, PlantedDefect defect) {
        return new OutcomePolicy(settings, capabilities, random) {
            @Override
            boolean mustRunAlone(Claim claim) {
                return defect != PlantedDefect.RUNS_SUSPECTS_BESIDE_OTHERS && super.mustRunAlone(claim);
            }
        };
    }

    private boolean mayBegin(Execution next) {
        if (defect == PlantedDefect.BEGINS_ON_A_LOCK_THAT_IS_OVER && !next.begun) {
            engine.context.locked(() -> engine.waiting.begin(next));
        }
        return engine.runner.mayBegin(next);
    }

    private @Nullable Execution startNext() {
        List<Execution> next = new ArrayList<>();
        engine.context.locked(() -> {
            Execution started = engine.waiting.startNext(null);
            if (started != null) {
                next.add(started);
            }
        });
        return next.isEmpty() ? null : next.get(0);
    }

    /** Tells listeners what they have not heard yet. */
    void deliver() {
        engine.context.pendingEvents.deliverHere();
        Laws.check(!Thread.interrupted(), "a listener has left the thread interrupted", this);
    }

    void settle(Kind kind) {
        List<Execution> batch = busyLoops.contains(kind) ? List.of() : engine.settling.poll(kind);
        if (!batch.isEmpty()) {
            laws.aboutToSettle(batch);
            alone(kind, () -> engine.settler.settle(batch));
        }
    }

    void renew() {
        List<Execution> batch = new ArrayList<>(busyLoops.contains("renew") ? List.of() : engine.held.poll());
        if (defect == PlantedDefect.FORGETS_TO_RENEW_PARKED_CLAIMS) {
            batch.removeIf(execution -> execution.is(Execution.Stage.PARKED));
        }
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
        return owner != null && locked(() -> engine.demand.isClosed() && engine.isIdle());
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
        simulation.throwFinding();
        laws.withinBudgets(engine.stats(0), maxHeld);
    }

    /** After the last step of a run that ended in order: every claim has come to one end. */
    void checkEveryClaimEnded() {
        deliver();
        check();
        for (Claim claim : claimed) {
            Laws.check(abandoned.contains(claim) || laws.hasEnded(claim), "a claim has come to no end", claim);
        }
        WorkerStats stats = engine.stats(0);
        Laws.check(stats.held() + stats.unsettled() + stats.waiting() + stats.parked() == 0, "left over", stats);
    }

    private void alone(Object loop, Runnable turn) {
        busyLoops.add(loop);
        try {
            turn.run();
            Laws.check(!Thread.interrupted(), "the source has left the thread interrupted", loop);
        } finally {
            busyLoops.remove(loop);
        }
    }

    boolean isBusy() {
        return !busyLoops.isEmpty();
    }

    // ---- what the engine announces

    @Override
    public void started(Claim claim) {
        simulation.keepFinding(() -> laws.toldStarted(claim));
    }

    @Override
    public void finished(Claim claim, Duration took, @Nullable Throwable failure) {
        simulation.keepFinding(() -> laws.toldFinished(claim));
        toldLate.forEach(late -> simulation.keepFinding(() -> laws.toldTimedOut(late)));
        toldLate.clear();
    }

    @Override
    public void parked(Claim claim, Duration delay) {
        simulation.keepFinding(() -> laws.toldParked(claim));
    }

    @Override
    public void timedOut(Claim claim) {
        if (defect == PlantedDefect.TELLS_OF_TIMEOUTS_LATE) {
            toldLate.add(claim);
        } else {
            simulation.keepFinding(() -> laws.toldTimedOut(claim));
        }
    }

    @Override
    public void claimed(Claim claim) {
        simulation.keepFinding(() -> laws.toldClaimed(claim));
        if (!draining) {
            claimed.add(claim);
        }
    }

    @Override
    public void settled(Settlement settlement, Verdict verdict) {
        simulation.keepFinding(
                () -> laws.ended(settlement.claim(), settlement.getClass().getSimpleName() + " " + verdict));
    }

    @Override
    public void lockLost(Claim claim) {
        simulation.keepFinding(() -> {
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

    /** Leaves its thread interrupted at each event. */
    private static final class HostileListener implements WorkerListener {

        @Override
        public void claimed(Claim claim) {
            fail();
        }

        @Override
        public void started(Claim claim) {
            fail();
        }

        @Override
        public void settled(Settlement settlement, Verdict verdict) {
            fail();
        }

        @Override
        public void renewed(int applied, int lost, int unknown, Duration took) {
            fail();
        }

        private static void fail() {
            Thread.currentThread().interrupt();
        }
    }
}
