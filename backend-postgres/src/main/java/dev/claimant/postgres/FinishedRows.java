package dev.claimant.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Removes messages of an application's table that are done, or dead, once their rows do not look pending any more or are gone: a row that
 * is pending again after that is new work. Walks through them a little at a time, round and round: there may be millions whose rows look
 * pending for ever. Goes on for longer while there is much to remove.
 */
final class FinishedRows {

    /** How many one statement looks at. */
    static final int SIZE = 1000;

    static final Duration PAUSE = Duration.ofSeconds(2);

    private static final long BUDGET_NANOS = Duration.ofMillis(25).toNanos();
    private static final long BUDGET_WHILE_REMOVING_NANOS =
            Duration.ofMillis(500).toNanos();

    private final SharedConnection connection;
    private final Script tidy;
    private long after;

    private record Round(int lookedAt, int removed, long last) {}

    FinishedRows(SharedConnection connection, Script tidy) {
        this.connection = connection;
        this.tidy = tidy;
    }

    void tidy(long deadline) throws SQLException, InterruptedException {
        long begun = System.nanoTime();
        Round round;
        long budget;
        do {
            round = connection.run(
                    tidy, statement -> statement.setLong(2, after), FinishedRows::round, deadline, false);
            after = round.lookedAt() < SIZE ? 0 : round.last();
            budget = 2 * round.removed() >= SIZE ? BUDGET_WHILE_REMOVING_NANOS : BUDGET_NANOS;
        } while (round.lookedAt() == SIZE && System.nanoTime() - begun < budget);
    }

    private static Round round(ResultSet row) throws SQLException {
        row.next();
        return new Round(row.getInt(1), row.getInt(2), row.getLong(3));
    }
}
