package dev.claimant.postgres;

import dev.claimant.SourceException;
import java.sql.SQLException;

/** Turns what the driver throws into what the worker understands. */
final class PostgresErrors {

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
        return e.getSQLState() == null ? message : message + " (SQLSTATE " + e.getSQLState() + ")";
    }
}
