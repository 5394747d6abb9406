package dev.claimant;

import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes one made-up message from its claim to its completion, in an engine of its own, while the source connects: what the first real message
 * needs is loaded and linked then. A JVM that has just started takes 25 ms of a processor for that, which the thread that opens the source
 * would spend otherwise. Calls nothing of the application and nothing of the log.
 */
final class Rehearsal implements Source {

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private int completed;

    /** Returns at once. Only the first worker of a process has something to gain. */
    static void begin() {
        if (BEGUN.compareAndSet(false, true)) {
            try {
                Thread thread = new Thread(Rehearsal::runAside, "claimant-rehearsal");
                thread.setDaemon(true);
                thread.start();
            } catch (Throwable noThread) {
                // the worker itself needs some, and says so
            }
        }
    }

    private static void runAside() {
        try {
            int unused = new Rehearsal().run();
        } catch (Throwable e) {
            // the real engine fails in the same way, and says so
        }
    }

    /** Takes the steps that the threads of a worker take, and returns how many messages were completed. */
    int run() {
        Settings settings = new Settings();
        EngineContext context = new EngineContext(Clock.SYSTEM, this, List.of());
        Capabilities capabilities = open(settings.plan(), context.source);
        SplittableRandom random = new SplittableRandom();
        OutcomePolicy outcomes = new OutcomePolicy(settings, capabilities, random);
        Engine engine = new Engine(settings, capabilities, context, claim -> {}, outcomes, random);
        engine.suspend(false);
        context.pendingEvents.tell(listener -> {});
        engine.claimLoop.claim(context.locked(engine.demand::poll));
        context.locked(engine.slots::close); // the loop ends after what waits
        engine.runner.loop(new SlotThread());
        engine.timer.tick();
        engine.settler.settle(context.locked(() -> engine.settling.poll(Settlement.Kind.COMPLETE)));
        return completed;
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        return Capabilities.builder(Duration.ofMinutes(1)).build();
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) {
        return List.of(Claim.of(Message.of("rehearsal", "")));
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        return Collections.nCopies(claims.size(), Verdict.APPLIED);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        completed += settlements.size();
        return Collections.nCopies(settlements.size(), Verdict.APPLIED);
    }

    @Override
    public void stopClaiming() {}

    @Override
    public Backlog backlog() {
        return Backlog.ofScaler(0);
    }

    @Override
    public void close() {}
}
