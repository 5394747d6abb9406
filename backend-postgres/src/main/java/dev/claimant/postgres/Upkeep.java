package dev.claimant.postgres;

import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that a source does now and then between claims, for all workers of the queue. What fails is logged and tried again
 * later: it costs time that it was not done, not messages.
 */
final class Upkeep {

    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

    /** One round of it, to be over by the deadline. */
    interface Round {
        void run(long deadline) throws SQLException, InterruptedException;
    }

    private final String what;
    private final Duration pause;
    private final Round round;
    private long lastNanos;

    Upkeep(String what, Duration pause, Round round) {
        this.what = what;
        this.pause = pause;
        this.round = round;
        this.lastNanos = System.nanoTime() - pause.toNanos();
    }

    void runIfDue(Duration timeout) {
        if (System.nanoTime() - lastNanos < pause.toNanos()) {
            return;
        }
        lastNanos = System.nanoTime();
        try {
            round.run(lastNanos + timeout.toNanos());
        } catch (SQLException e) {
            log.warn("cannot {}: {}", what, PostgresErrors.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
