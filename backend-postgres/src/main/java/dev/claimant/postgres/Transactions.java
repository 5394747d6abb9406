package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs work in a transaction of its own, on a connection that goes back as it came, whatever mode the data source hands it out in. */
final class Transactions {

    /**
     * Another transaction came between, and the next try sees what it did: in a stricter isolation than {@code READ COMMITTED}, or where it took a key
     * that was free.
     */
    private static final Set<String> REFUSED = Set.of("40001", "23505");

    private static final int MOST_REFUSALS = 20;

    private static final Logger log = LoggerFactory.getLogger(Transactions.class);

    private Transactions() {}

    /** The work of one transaction. */
    interface Work<T, E extends Exception> {
        T run(Connection connection) throws SQLException, E;
    }

    /** Work in transactions of its own that may be done anew. */
    interface Repeatable<T> {
        T run() throws SQLException;
    }

    /** Does the work anew for as often as the server asks for that. */
    static <T> T unrefused(Repeatable<T> work) throws SQLException {
        for (int refusals = 1; ; refusals++) {
            try {
                return work.run();
            } catch (SQLException e) {
                if (!REFUSED.contains(String.valueOf(e.getSQLState())) || refusals == MOST_REFUSALS) {
                    throw e;
                }
            }
        }
    }

    /** On a connection of its own. */
    static <T, E extends Exception> T run(DataSource dataSource, Work<T, E> work) throws SQLException, E {
        try (Connection connection = dataSource.getConnection()) {
            return run(connection, work);
        }
    }

    /**
     * Refuses a connection on which its caller has a transaction open, as a data source may hand out that knows of transactions: to end it is
     * not for us. A driver that does not tell may have one open unless it is in auto-commit mode.
     */
    static void requireNone(Connection connection) throws SQLException {
        boolean isOpen = connection.isWrapperFor(BaseConnection.class)
                ? connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE
                : !connection.getAutoCommit();
        if (isOpen) {
            throw new IllegalStateException("dataSource: the connection that it gave has a transaction open, which this"
                    + " call would end; make the call outside of the transaction, or on a data source without it");
        }
    }

    /** Commits what the work did, or rolls all of it back and throws what it threw. */
    static <T, E extends Exception> T run(Connection connection, Work<T, E> work) throws SQLException, E {
        requireNone(connection);
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        T result;
        try {
            result = work.run(connection);
            commit(connection);
        } catch (Throwable failure) {
            rollBack(connection, autoCommit, failure);
            throw failure;
        }
        restore(connection, autoCommit);
        return result;
    }

    /** Runs work in auto-commit mode: each statement commits by itself. */
    static <T, E extends Exception> T onItsOwn(Connection connection, Work<T, E> work) throws SQLException, E {
        requireNone(connection);
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        try {
            return work.run(connection);
        } finally {
            restore(connection, autoCommit);
        }
    }

    /** A connection that cannot be set back is broken: what the work returned or threw says more. */
    private static void restore(Connection connection, boolean autoCommit) {
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            log.debug("cannot set back a connection: {}", e.toString());
        }
    }

    /**
     * A statement that failed has ended the transaction, even if the work caught the exception; a commit would then roll back, and the driver
     * not say so. The statement before the commit fails.
     */
    private static void commit(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1;\nCOMMIT");
        }
    }

    private static void rollBack(Connection connection, boolean autoCommit, Throwable failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
