package dev.claimant.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the broker on a thread of its own, one thing after the other: an interrupt that hits a thread inside the client costs the whole
 * connection, and claims may be interrupted.
 */
final class BrokerThread {

    /** Something that waits for the broker's answer. */
    interface Request {
        void run() throws IOException;
    }

    private final ScheduledThreadPoolExecutor thread;
    private volatile @Nullable Thread own;

    BrokerThread(String name) {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, name);
            created.setDaemon(true);
            own = created;
            return created;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Returns when it is done; an interrupt ends the waiting and not the request. */
    void await(Request request) throws IOException, InterruptedException {
        await(begin(request));
    }

    /**
     * Returns when it is done, whether interrupted or not. May be called in a request: one that fails tells of what was lost, and who hears
     * that may stop the worker.
     */
    void finish(Request request) throws IOException {
        if (Thread.currentThread() == own) {
            request.run();
            return;
        }
        Future<?> begun = begin(request);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    await(begun);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Future<?> begin(Request request) throws IOException {
        try {
            return thread.submit(() -> {
                request.run();
                return null;
            });
        } catch (RejectedExecutionException e) {
            throw new IOException("closed", e);
        }
    }

    private static void await(Future<?> request) throws IOException, InterruptedException {
        try {
            request.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ShutdownSignalException closed) {
                throw closed;
            }
            throw new IOException(e.getCause());
        }
    }

    /** Not at all, once closed. */
    void later(long millis, Runnable task) {
        try {
            Future<?> unused = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // nothing is left to be done
        }
    }

    void close() {
        thread.shutdown();
    }
}
