package dev.claimant.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes messages that are done once their rows in the application's table do not look pending any more. Walks through them a little at
 * a time, round and round: there may be millions whose rows look pending for ever.
 */
final class DoneMessages {

    private static final Logger log = LoggerFactory.getLogger(DoneMessages.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Link link;
    private final String queue;
    private final @Nullable Script tidy;
    private long triedNanos = System.nanoTime() - PAUSE.toNanos();
    private long after;

    DoneMessages(Link link, String queue, @Nullable Script tidy) {
        this.link = link;
        this.queue = queue;
        this.tidy = tidy;
    }

    /** Never fails: what stays a while longer does no harm. */
    void tidyIfDue() {
        if (tidy == null || System.nanoTime() - triedNanos < PAUSE.toNanos()) {
            return;
        }
        triedNanos = System.nanoTime();
        try {
            after = link.run(
                    tidy,
                    statement -> statement.setLong(2, after),
                    DoneMessages::last,
                    System.nanoTime() + TIMEOUT.toNanos(),
                    false);
        } catch (SQLException e) {
            log.warn("cannot remove done messages of {}: {}", queue, PostgresErrors.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where to go on: from the start again when there were none. */
    private static long last(ResultSet row) throws SQLException {
        row.next();
        return row.getLong(1) == 0 ? 0 : row.getLong(2);
    }
}
