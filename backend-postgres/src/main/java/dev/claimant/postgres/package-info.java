/**
 * Claims messages from PostgreSQL: from a queue of Claimant's own, or from a table that the application already has.
 *
 * <pre>{@code
 * PostgresSource.queue(dataSource, "emails");
 *
 * PostgresSource.of(dataSource, PostgresConfig.table("make_it_clap")
 *         .key("id")
 *         .body("id", "duration_seconds")
 *         .pending("NOT EXISTS (SELECT 1 FROM clap c WHERE c.id = t.id AND c.status = 'SUCCESS')")
 *         .build());
 * }</pre>
 *
 * <p>Everything is kept in the schema {@code claimant}. An operator may read all of it, delete messages that nobody works on, and bring
 * one forward by setting its {@code due_at}; {@code claimant.dead} says what was given up, why, and what was tried.
 *
 * <p>To read: {@code V1__messages.sql} for what there is, {@code Claimer} and {@code QueueStatements} for how it is claimed,
 * {@code MessageStatements} for what becomes of it, {@code MarkUpkeep} for why it stays fast.
 */
@NullMarked
package dev.claimant.postgres;

import org.jspecify.annotations.NullMarked;
