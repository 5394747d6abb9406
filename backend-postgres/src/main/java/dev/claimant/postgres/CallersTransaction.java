package dev.claimant.postgres;

import java.sql.Connection;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that a framework binds to threads, as Spring's transaction manager does: what {@link PostgresQueue#joining} needs to know of
 * them. Thread-safe.
 */
public interface CallersTransaction {

    /** The connection of the transaction that the calling thread has open on this data source; null where it has none. */
    @Nullable Connection connection(DataSource dataSource);

    /** Runs the action after the calling thread's transaction has committed; never if that is rolled back. */
    void afterCommit(Runnable action);
}
