package dev.claimant.servicebus;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Has messages given back that have arrived and that the worker does not want any more, once it has not wanted them for a while (ADR 0079). A busy
 * worker wants less for a moment, while results wait for their verdicts. Used under one lock.
 */
final class Surplus {

    static final Duration PATIENCE = Duration.ofMillis(200);

    private final IntSupplier count;
    private final Runnable giveBackOne;
    private final Executor later;
    private final LongSupplier clock;
    private boolean isWatched;

    /** When there was none, for the last time. */
    private long noneAt;

    /**
     * Watches.
     *
     * @param count how many there are too many
     * @param later runs a step after {@link #PATIENCE}, under the lock
     */
    Surplus(IntSupplier count, Runnable giveBackOne, Executor later, LongSupplier clock) {
        this.count = count;
        this.giveBackOne = giveBackOne;
        this.later = later;
        this.clock = clock;
        noneAt = clock.getAsLong();
    }

    /** Of what has come by a link. */
    static Surplus of(DeliveryBuffer buffer, Runnable giveBackOne) {
        Executor delayed = CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return new Surplus(
                () -> buffer.isStopped() ? 0 : buffer.surplus(),
                giveBackOne,
                step -> delayed.execute(() -> buffer.run(step)),
                System::nanoTime);
    }

    /** What is wanted may have changed. */
    void watch() {
        if (count.getAsInt() == 0) {
            noneAt = clock.getAsLong();
        } else if (!isWatched) {
            isWatched = true;
            later.execute(this::look);
        }
    }

    private void look() {
        isWatched = false;
        boolean lasts = clock.getAsLong() - noneAt >= PATIENCE.toNanos();
        while (lasts && count.getAsInt() > 0) {
            giveBackOne.run();
        }
        watch();
    }
}
