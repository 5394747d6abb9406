package dev.claimant;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns SIGTERM and SIGINT for as long as one is open: all that are open then do what is left to do, side by side, and the process ends with an
 * exit code of our choice. Taking the signal lets the application's own shutdown hooks run before that. Where signals cannot be taken, and where
 * the application calls {@code System.exit}, a shutdown hook does the same; it has to halt the process, for the JVM ends with its own code
 * whatever a hook does.
 */
final class Termination implements AutoCloseable {

    private static final List<Termination> OPEN = new ArrayList<>();
    private static final List<Signals> SIGNALS = new ArrayList<>();
    private static @Nullable Thread hook;
    private static @Nullable CompletableFuture<Integer> ending;
    private static volatile boolean exiting;

    private final IntSupplier drainAndExitCode;

    /**
     * Takes over.
     *
     * @param drainAndExitCode does what is left to do and returns the exit code
     */
    Termination(IntSupplier drainAndExitCode) {
        this.drainAndExitCode = drainAndExitCode;
        synchronized (OPEN) {
            if (ending != null) {
                throw new IllegalStateException("the process is about to end");
            }
            if (OPEN.isEmpty()) {
                takeSignals();
            }
            OPEN.add(this);
        }
    }

    private static void takeSignals() {
        Thread first = new Thread(Termination::haltAtTheEnd, "claimant-termination");
        Runtime.getRuntime().addShutdownHook(first);
        hook = first;
        Signals.take(SIGNALS, Termination::exitAtTheEnd);
    }

    /** Lets go of the signals. Never returns if the end has begun: the process is about to end. */
    @Override
    public void close() {
        synchronized (OPEN) {
            if (ending == null && leave()) {
                return;
            }
        }
        while (true) { // the process ends whatever happens, so that this needs no end
            LockSupport.park();
        }
    }

    private boolean leave() {
        if (OPEN.size() == 1) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                return false; // and the hook needs this one
            }
            Signals.giveBack(SIGNALS);
        }
        OPEN.remove(this);
        return true;
    }

    private static void exitAtTheEnd() {
        int exitCode = endAll();
        exiting = true;
        System.exit(exitCode);
    }

    private static void haltAtTheEnd() {
        if (!exiting) {
            Runtime.getRuntime().halt(endAll());
        }
    }

    /** Ends all of them, once, and returns the most telling exit code. */
    private static int endAll() {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        List<Termination> open;
        synchronized (OPEN) {
            if (ending != null) {
                end = ending;
                open = List.of();
            } else {
                ending = end;
                open = List.copyOf(OPEN);
            }
        }
        if (open.isEmpty()) {
            return end.join();
        }
        List<CompletableFuture<Integer>> codes =
                open.stream().map(Termination::endAside).toList();
        int exitCode = codes.stream().mapToInt(CompletableFuture::join).max().orElse(JobResult.DONE);
        end.complete(exitCode);
        return exitCode;
    }

    private static CompletableFuture<Integer> endAside(Termination termination) {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Runnable end = () -> {
            int exitCode = JobResult.TRY_AGAIN;
            try {
                exitCode = termination.drainAndExitCode.getAsInt();
            } finally {
                code.complete(exitCode);
            }
        };
        try {
            new Thread(end, "claimant-termination").start();
        } catch (Throwable noThread) {
            end.run();
        }
        return code;
    }
}
