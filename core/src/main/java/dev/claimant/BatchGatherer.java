package dev.claimant;

import static dev.claimant.WorkerLog.log;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the claims of a worker's slots into batches. Each claim's thread waits here for the result of its claim, so that the engine sees nothing
 * but single handlers: locks, time-outs, order, drain and results are theirs.
 */
final class BatchGatherer implements Handler {

    private static final Duration PAUSE_WITHOUT_A_THREAD = Duration.ofSeconds(1);

    private final int size;
    private final Duration wait;
    private final BatchHandler handler;
    private final ThreadFactory threads;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean warned;

    /** The batch that more claims may join. */
    private @Nullable GatheredBatch open;

    BatchGatherer(int size, Duration wait, BatchHandler handler, ThreadFactory threads) {
        Problems problems = new Problems();
        problems.when(size < 1, "batchSize", size, "must be at least 1");
        problems.whenNegative("batchWait", wait);
        problems.whenMissing("handler", handler);
        problems.throwIfAny();
        this.size = size;
        this.wait = wait;
        this.handler = handler;
        this.threads = threads;
    }

    @Override
    public int batchSize() {
        return size;
    }

    @Override
    public Duration batchWait() {
        return wait;
    }

    @Override
    public void handle(Claim claim) throws Exception {
        GatheredBatch joined;
        CompletableFuture<Optional<Throwable>> result;
        boolean opened;
        lock.lock();
        try {
            opened = open == null;
            joined = open != null ? open : new GatheredBatch(lock, wait);
            result = joined.add(claim);
            open = joined;
            if (joined.size() == size) {
                open = null;
                joined.beginNow();
            }
        } finally {
            lock.unlock();
        }
        if (opened) {
            start(joined);
        }
        Execution execution = claim.execution;
        if (execution != null && execution.gathering != null) { // absent in unit tests of handlers
            execution.gathering.joined(execution, joined::beginNow);
            warnIfNoneFills(execution.gathering.slots());
        }
        joined.await(claim, result);
    }

    /** The worker would have refused so few slots, had it known the size. */
    private void warnIfNoneFills(int slots) {
        if (slots < size && !warned) {
            warned = true;
            log.warn(
                    "No batch of {} fills in a worker with {} slots, and each waits for {}: a handler around the batch handler"
                            + " hides its size. Handler.around keeps it.",
                    size,
                    slots,
                    wait);
        }
    }

    /** On a thread of its own: a slot's thread is interrupted for its own claim, which may be one of many. */
    private void start(GatheredBatch batch) {
        try {
            Thread thread = threads.newThread(MdcInterceptor.alsoOn(() -> run(batch)));
            thread.setName(Thread.currentThread().getName() + "-batch");
            thread.start();
        } catch (Throwable e) { // no memory for one more thread
            RetryLater later = RetryLater.untried(PAUSE_WITHOUT_A_THREAD, "no thread for the batch could be made");
            later.initCause(e);
            takeNoMore(batch);
            batch.end(Optional.of(later));
        }
    }

    private void run(GatheredBatch gathered) {
        try {
            gathered.awaitClaims();
            takeNoMore(gathered);
            Batch batch = gathered.begin();
            if (!batch.claims().isEmpty()) { // each may have been told to stop while it waited
                handler.handle(batch);
            }
            gathered.end(Optional.empty());
        } catch (Throwable failure) { // whatever it is: nobody else would tell the claims of it
            takeNoMore(gathered);
            gathered.end(Optional.of(failure));
        }
    }

    private void takeNoMore(GatheredBatch batch) {
        lock.lock();
        try {
            open = open == batch ? null : open;
        } finally {
            lock.unlock();
        }
    }
}
