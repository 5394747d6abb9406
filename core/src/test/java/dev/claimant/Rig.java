package dev.claimant;

import dev.claimant.Execution.Stage;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Capabilities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine without threads on an in-memory queue and a virtual clock: a test takes each step itself, in the order that it wants to look at.
 */
final class Rig {

    final VirtualClock clock;
    final InMemoryQueue queue;
    final InMemorySource source;

    /** What the engine asked of the source. */
    final WatchedSource asked;

    final Engine engine;
    private final Set<Execution> interrupted = new HashSet<>();
    final Heard heard = new Heard();
    final List<WorkerListener> listeners = new CopyOnWriteArrayList<>(List.of(heard));

    Rig(VirtualClock clock, InMemoryQueue queue, Consumer<Settings> configure) {
        this.clock = clock;
        this.queue = queue;
        this.source = new InMemorySource(queue);
        Settings settings = new Settings();
        settings.name = "rig";
        settings.slots = 2;
        configure.accept(settings);
        this.asked = new WatchedSource(source);
        EngineContext context = new EngineContext(clock, asked, listeners);
        Capabilities capabilities = asked.open(settings.plan(), context.source);
        this.engine = new Engine(
                settings,
                capabilities,
                context,
                claim -> {
                    throw new AssertionError("a rig's handlers are run by the test");
                },
                new OutcomePolicy(settings, capabilities, new SplittableRandom(1)),
                new SplittableRandom(1));
    }

    /** A queue that can do everything and a worker with two slots. */
    static Rig standard() {
        return with(InMemoryQueue.allCapabilities(), settings -> {});
    }

    static Rig with(Capabilities capabilities, Consumer<Settings> configure) {
        VirtualClock clock = new VirtualClock();
        return new Rig(clock, new InMemoryQueue(capabilities, clock), configure);
    }

    static Rig configured(Consumer<Settings> configure) {
        return with(InMemoryQueue.allCapabilities(), configure);
    }

    /** For a part that is looked at alone. */
    static EngineContext sharedByNobody() {
        return new EngineContext(System::nanoTime, new InMemorySource(new InMemoryQueue()), List.of());
    }

    /** Another worker on the same queue and clock. */
    Rig another(Consumer<Settings> configure) {
        return new Rig(clock, queue, configure);
    }

    void send(String... ids) {
        for (String id : ids) {
            queue.send(Message.of(id, id));
        }
    }

    /** Claims as long as there is demand and something to claim; answers how many. */
    int claim() {
        int before = heard.claimed.size();
        int round;
        do {
            round = heard.claimed.size();
            int demand = engine.demand.poll();
            if (demand > 0) {
                claim(demand);
            }
        } while (heard.claimed.size() > round);
        return heard.claimed.size() - before;
    }

    /** Whatever is claimable, past the engine. */
    List<Claim> claimAll() {
        try {
            return source.claim(Integer.MAX_VALUE, Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Hands a claim back, past the engine. */
    void release(Claim claim) {
        source.settle(List.of(new Settlement.Release(claim)), Duration.ofSeconds(1));
    }

    private void claim(int demand) {
        engine.claimLoop.claim(demand);
    }

    /** Puts the next claim into a slot; fails if there is none. */
    Execution start() {
        Execution next = startIfAny();
        if (next == null) {
            throw new AssertionError("no claim waits for a slot, or no slot is free: " + engine.stats(0));
        }
        return next;
    }

    @Nullable Execution startIfAny() {
        Execution[] next = new Execution[1];
        engine.context.locked(() -> {
            next[0] = engine.waiting.startNext(new SlotThread());
        });
        engine.context.pendingEvents.deliver();
        return next[0] != null && engine.runner.mayBegin(next[0]) ? next[0] : null;
    }

    /** Whether its thread was to be interrupted. */
    boolean wasInterrupted(Execution execution) {
        engine.slots.requests.poll().interrupts().forEach(interrupt -> interrupted.add(interrupt.execution()));
        return interrupted.contains(execution);
    }

    void succeed(Execution execution) {
        returned(execution, null);
    }

    void fail(Execution execution, Throwable failure) {
        returned(execution, failure);
    }

    void returned(Execution execution, @Nullable Throwable failure) {
        engine.context.locked(engine.runner.returned(execution, failure));
        engine.context.pendingEvents.deliver();
    }

    /** Settles everything that can be settled now. */
    void settle() {
        for (Settlement.Kind kind : Settlement.Kind.values()) {
            List<Execution> batch = engine.settling.poll(kind);
            if (!batch.isEmpty()) {
                engine.settler.settle(batch);
            }
        }
    }

    /** Renews the locks if they are due; answers how many. */
    int renew() {
        List<Execution> batch = engine.held.poll();
        if (!batch.isEmpty()) {
            engine.lockKeeper.renew(batch);
        }
        return batch.size();
    }

    void advance(Duration by) {
        clock.advance(by);
    }

    /** Does what is due: late handlers, parked claims. */
    void tick() {
        engine.timer.tick();
    }

    /** Lets the drain go on as far as it can now; answers whether it is over. */
    boolean drainIsOver() {
        boolean over = underLock(engine.drain::step) == 0;
        if (over) {
            engine.drain.finish();
        }
        return over;
    }

    WorkerStats stats() {
        return engine.stats(0);
    }

    private <T> T underLock(Supplier<T> step) {
        engine.context.lock.lock();
        try {
            return step.get();
        } finally {
            engine.context.lock.unlock();
        }
    }

    /** Claims, starts, and lets the handler succeed, until nothing is left to do now. */
    void workOffEverything() {
        boolean worked = true;
        while (worked) {
            worked = claim() > 0;
            for (Execution next = startIfAny(); next != null; next = startIfAny()) {
                succeed(next);
                worked = true;
            }
            settle();
        }
    }

    List<String> waiting() {
        List<String> ids = new ArrayList<>();
        for (Execution execution : engine.held.all()) {
            if (execution.is(Stage.WAITING)) {
                ids.add(execution.claim.id());
            }
        }
        return ids;
    }
}
