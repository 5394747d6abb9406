package dev.claimant.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Asks the broker on a thread of its own, one thing after the other: an interrupt that hits a thread inside the client costs the whole
 * connection, and claims may be interrupted.
 */
final class Errands {

    /** Something that waits for the broker's answer. */
    interface Errand {
        void run() throws IOException;
    }

    private final ThreadPoolExecutor thread;

    Errands(String name) {
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread created = new Thread(task, name);
            created.setDaemon(true);
            return created;
        });
    }

    /** Returns when it is done; an interrupt ends the waiting and not the errand. */
    void await(Errand errand) throws IOException, InterruptedException {
        try {
            begin(errand).get();
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    /** Returns when it is done, whether interrupted or not. */
    void finish(Errand errand) throws IOException {
        try {
            begin(errand).join();
        } catch (CompletionException e) {
            throw failed(e);
        }
    }

    private CompletableFuture<Void> begin(Errand errand) throws IOException {
        try {
            return CompletableFuture.runAsync(() -> run(errand), thread);
        } catch (RejectedExecutionException e) {
            throw new IOException("closed", e);
        }
    }

    private static void run(Errand errand) {
        try {
            errand.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void later(long millis, Runnable task) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, thread).execute(task);
    }

    void close() {
        thread.shutdown();
    }

    private static IOException failed(Exception e) {
        if (e.getCause() instanceof UncheckedIOException io) {
            return new IOException(io.getCause());
        }
        if (e.getCause() instanceof ShutdownSignalException closed) {
            throw closed;
        }
        return new IOException(e.getCause());
    }
}
