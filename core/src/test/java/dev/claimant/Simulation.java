package dev.claimant;

import dev.claimant.Settlement.Kind;
import dev.claimant.memory.InMemoryQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One random run of several engines on one queue, decided by a seed alone: which loop gets its turn, what its call to the source is
 * interrupted by, what handlers do, what goes wrong and how time passes. The engine's lock is never held between two steps, so that this
 * reaches every order of steps that threads could. A broken law ends the run with the seed, which {@link SimulationTest} can run alone.
 */
final class Simulation {

    private static final int STEPS = 250;
    private static final int DEEPEST = 3;

    final VirtualClock clock = new VirtualClock();
    final Scenario scenario;
    final Laws laws;

    private final SplittableRandom random;
    private final PlantedDefect defect;
    private final InMemoryQueue queue;
    private final List<SimulatedWorker> workers = new ArrayList<>();
    private final List<SimulatedWorker> finished = new ArrayList<>();
    private @Nullable AssertionError finding;
    private int sent;
    private int jobsStarted;
    private int depth;
    private boolean endgame;

    Simulation(long seed, PlantedDefect defect) {
        this.random = new SplittableRandom(seed);
        this.defect = defect;
        this.scenario = Scenario.random(random);
        this.laws = new Laws(scenario, clock);
        this.queue = new InMemoryQueue(scenario.queue(), clock);
    }

    /** Runs one seed with the real engine; throws if a law is broken. */
    static void run(long seed) {
        run(seed, PlantedDefect.NONE);
    }

    static void run(long seed, PlantedDefect defect) {
        try {
            new Simulation(seed, defect).run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void run() {
        for (int i = 0; i < scenario.workers(); i++) {
            workers.add(newWorker(null));
        }
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        endgame = true;
        calmDown();
        workOffTheRest();
        throwFinding();
    }

    // ---- the random part

    /** Called in the midst of a call to the source: other threads get on meanwhile. */
    void othersGetOn() {
        for (SimulatedWorker worker : workers) {
            boolean held = worker.engine.context.lock.isHeldByCurrentThread();
            keepFinding(() -> Laws.check(!held, "the lock is held in a call to the source", worker));
        }
        if (depth < DEEPEST && !endgame) {
            depth++;
            for (int i = random.nextInt(3); i > 0; i--) {
                keepFinding(this::step);
            }
            depth--;
        }
    }

    private void step() {
        SimulatedWorker worker = workers.get(random.nextInt(workers.size()));
        switch (random.nextInt(scenario.calm() ? 20 : 29)) {
            case 0, 1 -> send();
            case 2, 3, 4 -> worker.claim();
            case 5, 6, 7 -> worker.start();
            case 8, 9, 10 -> someHandlerReturns(worker);
            case 11, 12 -> worker.settle(Kind.COMPLETE);
            case 13 -> worker.settle(anyKind());
            case 14 -> worker.renew();
            case 15 -> worker.engine.timer.tick();
            case 16, 17 -> timePasses();
            case 18, 19 -> worker.deliver();
            case 20 -> worker.source.cutOff = random.nextInt(3) == 0;
            case 21 -> worker.source.losesAnswers = random.nextInt(3) == 0;
            case 22 -> worker.source.throwsErrors = random.nextBoolean();
            case 23 -> loseSomeLock(worker);
            case 24 -> endanger(worker);
            case 25 -> worker.settleEndangered();
            default -> replace(worker);
        }
        if (scenario.crashes() && depth == 0 && worker.running.size() > 1 && random.nextInt(2) == 0) {
            crash(worker);
        }
        workers.forEach(SimulatedWorker::check);
    }

    private Kind anyKind() {
        return List.of(Kind.values()).get(random.nextInt(Kind.values().length));
    }

    /** The engine takes no notice of what its source and its listeners throw. */
    void keepFinding(Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            finding = finding == null ? e : finding;
        }
    }

    void throwFinding() {
        if (finding != null) {
            throw finding;
        }
    }

    /** What the laws know of how claims ended comes from events. */
    void tellEverything() {
        workers.forEach(SimulatedWorker::deliver);
    }

    private void send() {
        if (sent < scenario.messages()) {
            String id = "m" + sent++;
            String key = scenario.ordered() && random.nextInt(5) > 0 ? "k" + random.nextInt(3) : null;
            Message message = new Message(id, id, new byte[0], java.util.Map.of(), null, key);
            laws.sent(message);
            queue.send(message);
        }
    }

    private void someHandlerReturns(SimulatedWorker worker) {
        if (worker.running.isEmpty()) {
            return;
        }
        Execution execution = worker.running.get(random.nextInt(worker.running.size()));
        boolean ignoresStop = execution.stopReason != null && random.nextInt(3) == 0;
        if (!ignoresStop) {
            worker.handlerReturns(execution, someOutcome());
        }
    }

    private @Nullable Throwable someOutcome() {
        return switch (random.nextInt(9)) {
            case 0, 1 -> new Exception("failed");
            case 2 -> new PermanentFailure("hopeless");
            case 3 -> new RetryLater(Duration.ofSeconds(random.nextInt(60)), "later");
            case 4 -> RetryLater.untried(Duration.ofSeconds(random.nextInt(20)), "not now");
            default -> null;
        };
    }

    private void timePasses() {
        if (depth > 0 && scenario.calm()) {
            return;
        }
        long atMost =
                scenario.calm() || random.nextInt(4) > 0 ? Scenario.LOCK.toNanos() / 12 : Scenario.LOCK.toNanos() * 2;
        long by = random.nextLong(atMost);
        if (scenario.calm()) {
            everyLoopGetsItsTurn();
        }
        for (SimulatedWorker worker : List.copyOf(workers)) {
            if (worker.draining && !worker.stopped) {
                by = Math.min(by, worker.drainStep());
            }
        }
        clock.advance(Duration.ofNanos(by));
        for (SimulatedWorker worker : List.copyOf(workers)) {
            boolean over = worker.draining ? worker.stopped || worker.drainStep() == 0 : worker.jobIsDone();
            if (over && !worker.isBusy()) {
                retire(worker);
            }
        }
    }

    private void everyLoopGetsItsTurn() {
        for (SimulatedWorker worker : workers) {
            worker.engine.timer.tick();
            worker.renew();
            for (Kind kind : Kind.values()) {
                worker.settle(kind);
            }
        }
    }

    private void loseSomeLock(SimulatedWorker worker) {
        List<Execution> held = worker.engine.held.all();
        if (held.isEmpty()) {
            return;
        }
        Claim claim = held.get(random.nextInt(held.size())).claim;
        laws.lockTakenAway(claim);
        if (random.nextBoolean()) {
            worker.source.memory.expireLock(claim);
        } else {
            worker.source.memory.takeAway(List.of(claim));
        }
    }

    void takeLockAway(Claim claim) {
        laws.lockTakenAway(claim);
        workers.get(0).source.memory.expireLock(claim);
    }

    private void endanger(SimulatedWorker worker) {
        List<Execution> held = worker.engine.held.all();
        if (worker.endangered.isEmpty() && !held.isEmpty() && !worker.stopped) {
            List<Claim> some = held.stream()
                    .filter(execution -> random.nextBoolean())
                    .map(execution -> execution.claim)
                    .toList();
            worker.endangeredUntil = clock.nanos() + random.nextLong(Scenario.LOCK.toNanos());
            worker.endangered = worker.engine.settler.endanger(some);
        }
    }

    /** Rolls out a new version: the old worker drains, or dies on the spot. */
    private void replace(SimulatedWorker worker) {
        if (random.nextInt(4) > 0) {
            return;
        }
        if (random.nextBoolean()) {
            worker.beginDrain();
        } else {
            crash(worker);
        }
    }

    private void crash(SimulatedWorker worker) {
        if (workers.contains(worker) && !worker.isBusy()) {
            laws.died(worker.running);
            workers.remove(worker);
            workers.add(newWorker(worker.owner));
            if (scenario.crashes()) { // else its locks end when time passes, if it does
                worker.engine.held.all().forEach(execution -> takeLockAway(execution.claim));
            }
        }
    }

    private void retire(SimulatedWorker worker) {
        workers.remove(worker);
        finished.add(worker);
        workers.add(newWorker(worker.owner));
    }

    /** The next pod of the same Job, or of another, or of a Deployment. */
    private SimulatedWorker newWorker(@Nullable String predecessor) {
        boolean job = scenario.jobs() && !endgame && random.nextBoolean();
        String owner = predecessor != null && random.nextBoolean() ? predecessor : job ? "job-" + jobsStarted++ : null;
        return new SimulatedWorker(this, queue, owner, random.split(), defect);
    }

    // ---- the end: all troubles are over, and everything must come to its end

    private void calmDown() {
        for (SimulatedWorker worker : workers) {
            worker.source.cutOff = false;
            worker.source.losesAnswers = false;
            worker.endangeredUntil = clock.nanos();
            worker.settleEndangered();
            worker.beginDrain();
        }
        drainAll();
        workers.forEach(SimulatedWorker::checkEveryClaimEnded);
        finished.forEach(SimulatedWorker::checkEveryClaimEnded);
        workers.clear();
    }

    private void drainAll() {
        while (workers.stream().anyMatch(worker -> !worker.stopped)) {
            long wait = Scenario.FLUSH.toNanos() / 10;
            for (SimulatedWorker worker : workers) {
                wait = worker.stopped ? wait : Math.min(wait, worker.drainStep());
                List.copyOf(worker.running).forEach(execution -> worker.handlerReturns(execution, null));
            }
            everyLoopGetsItsTurn();
            clock.advance(Duration.ofNanos(wait));
        }
    }

    private void workOffTheRest() {
        SimulatedWorker last = newWorker(null);
        workers.add(last);
        int rounds = 0;
        while (!laws.allGone()) {
            throwFinding();
            Laws.check(rounds++ < 1_000, "messages never come to an end", laws.left() + " " + queue.backlog());
            last.claim();
            last.start();
            for (Execution execution : List.copyOf(last.running)) {
                last.handlerReturns(execution, null);
            }
            for (Kind kind : Kind.values()) {
                last.settle(kind);
            }
            last.engine.timer.tick();
            last.renew();
            clock.advance(Duration.ofSeconds(2));
        }
        last.beginDrain();
        drainAll();
        last.checkEveryClaimEnded();
        Laws.check(queue.backlog().scaler() == 0, "the queue still counts work", queue.backlog());
    }
}
