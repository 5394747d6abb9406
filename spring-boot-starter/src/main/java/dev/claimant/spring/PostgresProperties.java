package dev.claimant.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source in PostgreSQL: a queue of Claimant's own, or a table of the application.
 *
 * @param queue name of the queue; the worker's name by default
 * @param table name of a table of the application, table or schema.table, instead of a queue
 * @param pending SQL condition that says which rows of the table wait to be worked on; the row is called t
 * @param key column that names a row of the table, id by default
 * @param body columns of the table that make up the body; all by default
 * @param orderBy column of the table whose lowest value is claimed first
 * @param dataSource name of the DataSource bean; the application's only or primary one by default
 * @param listenOn name of a DataSource bean for the connection that waits for wake-ups, past a pooler such as PgBouncer
 * @param lockLength how long a claim or a renewal holds, 30s by default
 * @param pollInterval how long a claim that finds nothing waits before it looks again, 250ms by default
 * @param statementTimeout how long one claim, count or check may take, 10s by default
 * @param connectTimeout how long opening may wait for each connection, 60s by default
 * @param scalerCap where the scaling query stops counting, 1000 by default
 * @param wakeUp whether an idle worker is woken when a message is enqueued, true by default
 */
record PostgresProperties(
        @Nullable String queue,
        @Nullable String table,
        @Nullable String pending,
        @Nullable String key,
        @Nullable List<String> body,
        @Nullable String orderBy,
        @Nullable String dataSource,
        @Nullable String listenOn,
        @Nullable Duration lockLength,
        @Nullable Duration pollInterval,
        @Nullable Duration statementTimeout,
        @Nullable Duration connectTimeout,
        @Nullable Integer scalerCap,
        @Nullable Boolean wakeUp) {

    /** With all settings left out. */
    static PostgresProperties none() {
        return new PostgresProperties(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }
}
