package dev.claimant.micrometer;

import dev.claimant.Backlog;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A source's backlog of a moment ago. The source is asked no more often than once per interval, never twice at once, and on a thread of its
 * own, so that one that hangs costs its readers, all together, no more than their patience. Thread-safe.
 */
final class BacklogSample {

    private final Supplier<Backlog> source;
    private final Duration interval;
    private final Duration patience;
    private final Clock clock;
    private final BiConsumer<String, Exception> sourceFailed;
    private @Nullable Query latest;

    private record Query(long askedAt, CompletableFuture<Backlog> answer) {}

    BacklogSample(
            Supplier<Backlog> source,
            Duration atMostEvery,
            Duration patience,
            Clock clock,
            BiConsumer<String, Exception> sourceFailed) {
        this.source = source;
        this.interval = atMostEvery;
        this.patience = patience;
        this.clock = clock;
        this.sourceFailed = sourceFailed;
    }

    /** A number of the backlog; NaN if the source did not say. */
    double read(ToDoubleFunction<Backlog> number) {
        Query query = current();
        long left = query.askedAt + patience.toNanos() - clock.monotonicTime();
        try {
            return number.applyAsDouble(query.answer.get(Math.max(0, left), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Double.NaN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
    }

    private synchronized Query current() {
        Query current = latest;
        if (current == null || isOutdated(current)) {
            current = new Query(clock.monotonicTime(), new CompletableFuture<>());
            latest = current;
            ask(current.answer);
        }
        return current;
    }

    private boolean isOutdated(Query query) {
        Duration age = Duration.ofNanos(clock.monotonicTime() - query.askedAt);
        return query.answer.isDone() && age.compareTo(interval) >= 0;
    }

    private void ask(CompletableFuture<Backlog> answer) {
        Thread thread = new Thread(() -> answer(answer), "claimant-backlog");
        thread.setDaemon(true);
        thread.start();
    }

    private void answer(CompletableFuture<Backlog> answer) {
        try {
            answer.complete(source.get());
        } catch (RuntimeException e) {
            sourceFailed.accept("backlog", e);
            answer.completeExceptionally(e);
        } catch (Error e) {
            answer.completeExceptionally(e);
            throw e;
        }
    }
}
