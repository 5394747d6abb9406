package dev.claimant.postgres;

import dev.claimant.postgres.Enqueueing.Enqueued;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Which transaction messages are enqueued in, and who wakes idle workers then: with the commit or soon after it where the transaction is ours, after
 * the commit where it is that of the calling thread, never where the application gave its connection.
 */
final class EnqueueTransactions {

    private final DataSource dataSource;
    private final String queue;
    private final NotificationPace pace;
    private final @Nullable CallersTransaction callers;

    /** Enqueues messages on a connection. */
    interface Insert {
        /** Wakes idle workers with the commit if told to notify, unless another transaction does at this moment. */
        Enqueued run(Connection connection, boolean notify) throws SQLException;
    }

    EnqueueTransactions(DataSource dataSource, String queue, @Nullable CallersTransaction callers) {
        this.dataSource = dataSource;
        this.queue = queue;
        this.pace = new NotificationPace(queue);
        this.callers = callers;
    }

    /** Returns the application's connection, which is in a transaction. */
    Connection joined(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("queue " + queue + ": the connection is in auto-commit mode, so there is no"
                    + " transaction to be part of; call setAutoCommit(false) first, or leave the connection out");
        }
        return connection;
    }

    void wake() {
        if (ofCallingThread() != null) {
            wakeAfterCommit();
            return;
        }
        run(connection -> Transactions.<String, RuntimeException>onItsOwn(connection, own -> {
            EnqueueNotifier.notifyAnyway(own, queue);
            return queue;
        }));
    }

    /** Returns the ids of the enqueued messages. */
    List<String> enqueue(boolean anyIsDue, boolean severalStatements, Insert insert) {
        Connection transaction = ofCallingThread();
        if (transaction == null) {
            return enqueueOnItsOwn(anyIsDue, severalStatements, insert);
        }
        try {
            List<String> ids = insert.run(joined(transaction), false).ids();
            if (anyIsDue && !ids.isEmpty()) {
                wakeAfterCommit();
            }
            return ids;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private @Nullable Connection ofCallingThread() {
        return callers == null ? null : callers.connection(dataSource);
    }

    private void wakeAfterCommit() {
        if (callers != null) {
            callers.afterCommit(() -> NotifierThread.notifySoon(dataSource, pace));
        }
    }

    private List<String> enqueueOnItsOwn(boolean anyIsDue, boolean severalStatements, Insert insert) {
        long begun = pace.now();
        boolean notify = anyIsDue && pace.isToNotify(begun);
        Enqueued enqueued = run(connection -> {
            if (!connection.getAutoCommit()) {
                throw new IllegalStateException(
                        "queue " + queue + ": the connection of the data source is not in auto-commit"
                                + " mode, so it may belong to a transaction, which is not for us to commit; call the method that takes"
                                + " a connection and commit, or use a data source in auto-commit mode");
            }
            return Transactions.onItsOwn(
                    connection,
                    own -> Transactions.unrefused(() -> severalStatements
                            ? Transactions.<Enqueued, RuntimeException>run(own, all -> insert.run(all, notify))
                            : insert.run(own, notify)));
        });
        if (enqueued.notified()) {
            pace.notified(begun);
        } else if (anyIsDue && !enqueued.ids().isEmpty()) {
            NotifierThread.notifySoon(dataSource, pace);
        }
        return enqueued.ids();
    }

    private <T> T run(Transactions.Work<T, RuntimeException> work) {
        try (Connection connection = dataSource.getConnection()) {
            return work.run(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private RuntimeException failed(SQLException e) {
        return PostgresErrors.failed("enqueue into", queue, e);
    }
}
