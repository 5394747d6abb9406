package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection in auto-commit mode that goes back as it came: not every pool sees to that. */
record BorrowedConnection(Connection connection, boolean autoCommit, int networkTimeout) {

    private static final Logger log = LoggerFactory.getLogger(BorrowedConnection.class);
    private static final Executor AT_ONCE = Runnable::run;

    /** One that turns out to be broken is given back at once. */
    static BorrowedConnection of(Connection connection) throws SQLException {
        try {
            Transactions.requireNone(connection);
            BorrowedConnection borrowed =
                    new BorrowedConnection(connection, connection.getAutoCommit(), connection.getNetworkTimeout());
            connection.setAutoCommit(true);
            return borrowed;
        } catch (SQLException | IllegalStateException e) {
            connection.close();
            throw e;
        }
    }

    /** From now on nobody waits longer for the server's next word. */
    void limitWaits(int millis) throws SQLException {
        connection.setNetworkTimeout(AT_ONCE, millis);
    }

    void giveBack() {
        try (connection) {
            limitWaits(networkTimeout);
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            log.debug("closing a connection: {}", e.toString());
        }
    }

    /** It failed, or somebody still waits for its answer. */
    void discard() {
        try {
            connection.abort(AT_ONCE);
            connection.close();
        } catch (SQLException e) {
            log.debug("closing a failed connection: {}", e.toString());
        }
    }
}
