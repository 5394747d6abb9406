package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A message claimed from PostgreSQL. Its fencing number is drawn from one sequence for all claims, so it grows for a message even across
 * its dead-lettering and the removal of its row; guard a write with {@code WHERE last_fence <= ?} to keep out a worker that lost its lock.
 *
 * <p>A server that forgets commits, because it crashes with {@code synchronous_commit} off or because a standby that lagged behind takes over,
 * forgets the numbers drawn by them, and draws them again.
 */
public final class PostgresClaim extends Claim {

    private final long row;
    private final long fence;
    private final String completion;
    private volatile boolean completedInTransaction;

    PostgresClaim(
            Message message,
            int attempt,
            int delivery,
            int expiredLocks,
            long lockedUntilNanos,
            long row,
            long fence,
            String completion) {
        super(message, attempt, delivery, expiredLocks, lockedUntilNanos, fence);
        this.row = row;
        this.fence = fence;
        this.completion = completion;
    }

    /**
     * Completes the message in the handler's own transaction: with all else that was written in it, or not at all. The last statement of a
     * short transaction; the handler then commits and returns.
     *
     * <p>From here to the commit the row is the transaction's: no other worker can claim it, and no renewal reaches it, so the commit must
     * come well before the lock would end. What the handler does after a failed commit may call this again in a new transaction. A handler
     * that calls this and returns normally, though its transaction did not commit, has failed: that attempt counts, the message comes back
     * at once, or is dead-lettered after the last attempt, and its history says why. One that throws after the commit changes nothing.
     *
     * <p>Under {@code REPEATABLE READ} or {@code SERIALIZABLE} this fails with SQLSTATE 40001 where the lock was renewed after the
     * transaction began; {@code READ COMMITTED} has no such limit.
     *
     * @param connection to the database that the message was claimed from, not in auto-commit mode; its role needs the rights of {@code
     *     claimant_worker}. It is neither committed nor closed here
     * @throws IllegalStateException if the connection is in auto-commit mode
     * @throws SQLException if the message is not this claim's any more, because the lock was lost or an earlier call has completed it: the
     *     server rolls the transaction back then, even if the exception is swallowed and a commit is tried (for which the driver does not
     *     throw); or if the database fails
     * @see <a href="https://www.postgresql.org/docs/current/transaction-iso.html">Transaction isolation</a>
     */
    public void completeIn(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException(
                    "completeIn of " + this + ": the connection is in auto-commit mode, so there is no transaction"
                            + " to complete the message in; call setAutoCommit(false) first");
        }
        if (lockLost() || !complete(connection)) {
            refuse(connection);
        }
        completedInTransaction = true;
    }

    private boolean complete(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(completion)) {
            statement.setLong(1, row);
            statement.setLong(2, fence);
            try (ResultSet changed = statement.executeQuery()) {
                return changed.next();
            }
        }
    }

    /** Fails in the server, so that what the transaction has written can only be rolled back. */
    private void refuse(Connection connection) throws SQLException {
        String why = completedInTransaction
                ? "an earlier call of completeIn has completed it, or its lock was lost since"
                : "its lock was lost";
        try (Statement statement = connection.createStatement()) {
            statement.execute("DO $$BEGIN RAISE EXCEPTION 'completeIn of message row " + row + " with fencing number "
                    + fence + ": " + why + "; this transaction must not commit'; END$$");
        }
        throw new SQLException("completeIn of " + this + ": " + why);
    }

    /** Whether a transaction of the handler has completed the message, if it committed. */
    boolean completedInTransaction() {
        return completedInTransaction;
    }

    /** The id of the message's row in {@code claimant.message}. */
    long row() {
        return row;
    }

    long fence() {
        return fence;
    }
}
