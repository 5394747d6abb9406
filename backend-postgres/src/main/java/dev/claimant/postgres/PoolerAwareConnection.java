package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server's session belongs to our connection, which shows with the first answer. A pooler in transaction mode lends us another
 * for each transaction: a statement that the driver had prepared in one would be missing in the next or, worse, be the statement of
 * another client that gave it the same name. So nothing stays prepared before the session is known to be ours.
 *
 * <p>A pooler makes up the process number that it sends to a client which connects, since it has no session for it yet.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">BackendKeyData</a>
 * @see <a href="https://jdbc.postgresql.org/documentation/server-prepare/">How the driver prepares statements</a>
 * @see <a href="https://www.pgbouncer.org/features.html">What PgBouncer's modes cannot do</a>
 */
final class PoolerAwareConnection {

    private static final Logger log = LoggerFactory.getLogger(PoolerAwareConnection.class);

    private final BorrowedConnection borrowed;
    private final @Nullable PGConnection postgres;
    private final int prepareThreshold;

    /** Of {@code prepareThreshold=-1}: binary results, of statements that are not described yet. Of several in one call the driver mixes up the columns. */
    private final @Nullable PgConnection inBinary;

    private boolean known;

    PoolerAwareConnection(BorrowedConnection borrowed) throws SQLException {
        this.borrowed = borrowed;
        Connection connection = borrowed.connection();
        postgres = connection.isWrapperFor(PGConnection.class) ? connection.unwrap(PGConnection.class) : null;
        prepareThreshold = postgres == null ? 0 : postgres.getPrepareThreshold();
        if (postgres != null) {
            postgres.setPrepareThreshold(0);
        }
        inBinary = connection.isWrapperFor(PgConnection.class)
                        && connection.unwrap(PgConnection.class).getForceBinary()
                ? connection.unwrap(PgConnection.class)
                : null;
        if (inBinary != null) {
            inBinary.setForceBinary(false);
        }
    }

    /** Whether the answer of this server process tells that the session is the connection's own. */
    static boolean isOwn(PGConnection connection, int process) {
        return connection.getBackendPID() == process;
    }

    Connection connection() {
        return borrowed.connection();
    }

    /** From now on nobody waits longer for the server's next word. */
    void limitWaits(int millis) throws SQLException {
        borrowed.limitWaits(millis);
    }

    /** Tells servers and databases apart; absent where the driver does not say. May hold secrets. */
    @Nullable String address() {
        try {
            return connection().getMetaData().getURL().replaceAll("(?i)ApplicationName=[^&]*", "");
        } catch (SQLException e) {
            return null;
        }
    }

    /** The row of settings with which every script begins; its last column is the server's process. */
    void answeredBy(@Nullable ResultSet settings) throws SQLException {
        PGConnection driver = postgres;
        if (known || driver == null || settings == null || !settings.next()) {
            return;
        }
        known = true;
        if (isOwn(driver, settings.getInt("process"))) {
            driver.setPrepareThreshold(Math.abs(prepareThreshold));
        } else {
            log.debug("a pooler stands between this process and the server: no statement stays prepared");
        }
    }

    /** It may go back to a pool. */
    void giveBack() {
        if (postgres != null) {
            postgres.setPrepareThreshold(prepareThreshold);
        }
        if (inBinary != null) {
            inBinary.setForceBinary(true);
        }
        borrowed.giveBack();
    }

    /** It failed, or somebody still waits for its answer. */
    void discard() {
        borrowed.discard();
    }
}
