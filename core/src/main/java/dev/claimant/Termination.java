package dev.claimant;

import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Owns SIGTERM for as long as it is open: the process then ends with the exit code of our choice. A plain shutdown hook cannot do that, the
 * JVM ends with 143 whatever main returns; so the hook halts, once all is done.
 */
final class Termination implements AutoCloseable {

    private final Thread hook;

    /**
     * Takes over.
     *
     * @param stopAndExitCode does what is left to do and answers the exit code
     */
    Termination(IntSupplier stopAndExitCode) {
        hook = new Thread(() -> haltAfter(stopAndExitCode), "claimant-termination");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Lets go of SIGTERM. Never returns if it has come already: the process is about to end. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            awaitHalt();
        }
    }

    /** The hook halts the process whatever happens in it, so that this needs no end. */
    private static void awaitHalt() {
        while (true) {
            LockSupport.park();
        }
    }

    private static void haltAfter(IntSupplier stopAndExitCode) {
        int exitCode = JobResult.TRY_AGAIN;
        try {
            exitCode = stopAndExitCode.getAsInt();
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
