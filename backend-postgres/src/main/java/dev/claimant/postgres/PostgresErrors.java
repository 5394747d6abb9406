package dev.claimant.postgres;

import dev.claimant.SourceException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Turns what the driver throws into what the worker understands. */
final class PostgresErrors {

    /** A prepared statement that is not there, or is there already: the session is not the one in which it was prepared. */
    private static final Set<String> FOREIGN_SESSION = Set.of("26000", "42P05");

    private static final String FOREIGN_SESSION_REMEDY =
            "; behind PgBouncer in transaction mode the data source needs prepareThreshold=0";

    private static final Set<String> NOT_THERE = Set.of("42P01", "3F000");

    private static final String NOT_THERE_REMEDY = "; run PostgresSource.migrate, or the script that it stands for";

    /** Of a value, a limit, memory, a damaged page: the same statement on other rows may succeed. */
    private static final List<String> OF_WHAT_WAS_READ = List.of("22", "54", "XX", "53200");

    private PostgresErrors() {}

    /** Whether one message may be the cause that a whole batch could not be read. */
    static boolean isOfWhatWasRead(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return OF_WHAT_WAS_READ.stream().anyMatch(state::startsWith);
    }

    /** Whether it fails however often it is tried: a value that is wrong, rather than a want of memory. */
    static boolean isLasting(Throwable failure) {
        return failure instanceof SQLException e
                ? String.valueOf(e.getSQLState()).startsWith("22")
                : failure instanceof RuntimeException;
    }

    static String describe(Throwable failure) {
        return failure instanceof SQLException e ? describe(e) : failure.toString();
    }

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
        String message = (e.getMessage() + cause(e)).replaceAll("\\s+", " ").strip();
        String state = e.getSQLState();
        return state == null ? message : message + " (SQLSTATE " + state + ")" + remedy(state, message);
    }

    /** What the driver only wraps: a host without an address, a certificate of nobody we trust. What refuses us it tells itself. */
    private static String cause(SQLException e) {
        Throwable cause = e.getCause();
        return cause == null || cause instanceof ConnectException ? "" : ": " + cause;
    }

    private static String remedy(String state, String message) {
        if (FOREIGN_SESSION.contains(state)) {
            return FOREIGN_SESSION_REMEDY;
        }
        return NOT_THERE.contains(state) && message.contains("\"claimant") ? NOT_THERE_REMEDY : "";
    }
}
