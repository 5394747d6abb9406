package dev.claimant.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Removes messages that are done once their rows in the application's table do not look pending any more. Walks through them a little at
 * a time, round and round: there may be millions whose rows look pending for ever.
 */
final class DoneMessages {

    private final Link link;
    private final Script tidy;
    private long after;

    DoneMessages(Link link, Script tidy) {
        this.link = link;
        this.tidy = tidy;
    }

    void tidy(long deadline) throws SQLException, InterruptedException {
        after = link.run(tidy, statement -> statement.setLong(2, after), DoneMessages::last, deadline, false);
    }

    /** Where to go on: from the start again when there were none. */
    private static long last(ResultSet row) throws SQLException {
        row.next();
        return row.getLong(1) == 0 ? 0 : row.getLong(2);
    }
}
