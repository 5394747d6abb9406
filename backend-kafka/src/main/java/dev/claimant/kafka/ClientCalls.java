package dev.claimant.kafka;

import java.util.function.Supplier;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls of the client that what happens meanwhile may disturb. On the polling thread only. */
final class ClientCalls {

    private static final Logger log = LoggerFactory.getLogger(ClientCalls.class);

    private ClientCalls() {}

    /** The client takes partitions away in the background too, between two calls of ours; then it refuses to be asked for them. */
    static void whileAssigned(Runnable call) {
        try {
            call.run();
        } catch (IllegalStateException e) {
            log.debug("a partition was taken away meanwhile", e);
        }
    }

    /** A wake-up that was meant for a poll and came too late for it ends the next call instead: which is then done again. */
    static <T> T unwoken(Supplier<T> call) {
        T answer = null;
        while (answer == null) {
            answer = tried(call);
        }
        return answer;
    }

    private static <T> @Nullable T tried(Supplier<T> call) {
        try {
            return call.get();
        } catch (WakeupException e) {
            return null;
        }
    }
}
