package dev.claimant.postgres;

import dev.claimant.SourceException;
import java.sql.SQLException;
import java.util.Set;

/** Turns what the driver throws into what the worker understands. */
final class PostgresErrors {

    /** A prepared statement that is not there, or is there already: the session is not the one in which it was prepared. */
    private static final Set<String> FOREIGN_SESSION = Set.of("26000", "42P05");

    private static final String FOREIGN_SESSION_REMEDY =
            "; behind PgBouncer in transaction mode the data source needs prepareThreshold=0";

    private PostgresErrors() {}

    /** A failed statement or connection: the worker backs off and tries again. */
    static SourceException failed(String tried, String queue, SQLException e) {
        return new SourceException("cannot " + tried + " " + queue + ": " + describe(e), e);
    }

    /** The calling thread was interrupted where the contract knows no interrupt; its flag is set again. */
    static SourceException interrupted(String tried, String queue, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SourceException("interrupted while trying to " + tried + " " + queue, e);
    }

    /** The message in one line, with the SQLSTATE by which PostgreSQL's manual explains it. */
    static String describe(SQLException e) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
        String state = e.getSQLState();
        if (state == null) {
            return message;
        }
        return message + " (SQLSTATE " + state + ")" + (FOREIGN_SESSION.contains(state) ? FOREIGN_SESSION_REMEDY : "");
    }
}
