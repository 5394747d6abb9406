package dev.claimant.memory;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Verdict;
import dev.claimant.memory.InMemorySource.HandOut;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A queue in this process, for tests and as the reference of what a source must do. Any number of {@link InMemorySource}s may work on it,
 * one per worker. Thread-safe; nothing survives the process.
 */
public final class InMemoryQueue {

    private static final Capabilities ALL = Capabilities.builder(Duration.ofSeconds(30))
            .retryDelay(RetryDelay.NATIVE)
            .releaseCounted(false)
            .crashesCounted(true)
            .ordering(Ordering.ACROSS_WORKERS)
            .fencing(true)
            .reservation(true)
            .deadLetters(true)
            .build();

    private final Capabilities capabilities;
    private final Stock stock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** A queue that can do everything, with locks of 30 seconds, on the system's clock. */
    public InMemoryQueue() {
        this(ALL, System::nanoTime);
    }

    /**
     * A queue that can do only this.
     *
     * @param capabilities what it declares, and keeps to
     * @param clock monotonic nanoseconds; a test's own, or {@link System#nanoTime}
     */
    public InMemoryQueue(Capabilities capabilities, LongSupplier clock) {
        this(capabilities, clock, new OrderedKeys());
    }

    InMemoryQueue(Capabilities capabilities, LongSupplier clock, OrderedKeys keys) {
        this.capabilities = capabilities;
        this.stock = new Stock(capabilities, clock, keys);
    }

    /** Everything that a source can do: the capabilities of {@link #InMemoryQueue()}, to change from. */
    public static Capabilities allCapabilities() {
        return ALL;
    }

    /** Adds a message at the end. */
    public void send(Message message) {
        change(() -> stock.add(message));
    }

    /** The dead letters, oldest first, with their reasons; empty where the queue keeps no dead letters. */
    public List<DeadLetter> deadLetters() {
        return locked(stock::dead);
    }

    /** How much work there is. */
    public Backlog backlog() {
        return locked(stock::backlog);
    }

    Capabilities capabilities() {
        return capabilities;
    }

    // ---- what a source asks for

    List<Claim> claim(InMemorySource source, int demand, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        lock.lockInterruptibly();
        try {
            List<Claim> claims = take(source, demand);
            long left = deadline - System.nanoTime();
            while (claims.isEmpty() && left > 0 && source.isClaiming()) {
                changed.awaitNanos(Math.min(left, stock.nanosUntilNextReturn()));
                claims = take(source, demand);
                left = deadline - System.nanoTime();
            }
            return claims;
        } finally {
            lock.unlock();
        }
    }

    private List<Claim> take(InMemorySource source, int demand) {
        return source.isClaiming() ? stock.take(source, demand) : List.of();
    }

    Verdict renew(HandOut claim) {
        return locked(() -> stock.renew(claim));
    }

    List<Verdict> settle(List<Settlement> settlements) {
        return locked(() -> {
            List<Verdict> verdicts = settlements.stream().map(stock::settle).toList();
            changed.signalAll();
            return verdicts;
        });
    }

    void takeAway(HandOut claim) {
        change(() -> stock.takeAway(claim));
    }

    void disconnected(InMemorySource source) {
        change(() -> stock.disconnected(source));
    }

    void wakeClaimers() {
        change(() -> {});
    }

    private void change(Runnable step) {
        lock.lock();
        try {
            step.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }
}
