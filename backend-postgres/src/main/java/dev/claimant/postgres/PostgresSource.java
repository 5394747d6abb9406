package dev.claimant.postgres;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.postgres.Opening.Opened;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages from PostgreSQL 14 or newer: from a queue of Claimant's own, or from a table that the application already has, which
 * is never altered or written. Needs the schema {@code claimant}: see {@link #migrate} and {@link #migrationSql}.
 *
 * <p>A source takes two connections from its data source when it is opened and keeps them until {@link #close}: one for claims and counts,
 * one for renewals and settlements, so that neither waits for the other. A Job does both on one, so that a server has room for as many Jobs
 * as it has connections. One source of a queue in each process takes another one when it finds nothing to claim, on which all of them hear
 * of new messages ({@link PostgresConfig.Builder#wakeUp}). They are never the handlers' connections; with a pool, give it three more. A
 * connection that failed is thrown away, and the next use takes a new one. Statements leave nothing behind in a session.
 *
 * <p>Claims take rows with {@code FOR UPDATE SKIP LOCKED}, so workers never wait for each other; a lock ends by the database's clock.
 * A queue whose workers ask for order ({@link dev.claimant.WorkerBuilder#ordered}) hands out of each ordering key one message at a time, the
 * first that is unfinished. {@code renew} and {@code settle} pass over rows that another transaction holds and answer {@link Verdict#UNKNOWN} for them. Thread-safe
 * as {@link Source} asks.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE">The locking clause</a>
 */
public final class PostgresSource implements Source {

    private final DataSource dataSource;
    private final PostgresConfig config;
    private final SharedConnection claims;
    private final SharedConnection settlements;

    private volatile @Nullable Opened opened;
    private volatile boolean stopped;
    private volatile boolean closed;
    private volatile boolean ordered;

    private PostgresSource(DataSource dataSource, PostgresConfig config) {
        this.dataSource = dataSource;
        this.config = config;
        this.claims = new SharedConnection(dataSource, "claims");
        this.settlements = new SharedConnection(dataSource, "settlements");
    }

    /** A queue of Claimant's own with all settings at their defaults. */
    public static PostgresSource queue(DataSource dataSource, String name) {
        return of(dataSource, PostgresConfig.queue(name).build());
    }

    /** A queue of Claimant's own, or a table of the application, as the settings say. */
    public static PostgresSource of(DataSource dataSource, PostgresConfig config) {
        return new PostgresSource(Objects.requireNonNull(dataSource, "dataSource"), config);
    }

    /**
     * Brings the schema {@code claimant} to this library's version. Workers of the last release go on meanwhile and afterwards; new ones
     * need it. Safe when many do it at once. Needs the rights of the schema's owner, and of a worker when there is nothing to do.
     *
     * @throws SourceException if the database cannot be reached or refuses; nothing has changed then
     */
    public static void migrate(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            Transactions.<Integer, RuntimeException>onItsOwn(connection, Migrations::apply);
        } catch (SQLException e) {
            throw PostgresErrors.failed("migrate", "schema claimant", e);
        }
    }

    /** What {@link #migrate} does, as a script for an administrator who prefers to run it; it may be run again at any time, too. */
    public static String migrationSql() {
        return Migrations.sql();
    }

    /**
     * Three roles with the least rights that work: {@code claimant_worker}, {@code claimant_scaler} which can only count, and {@code
     * claimant_operator} which looks after dead letters.
     */
    public static String rolesSql() {
        return Migrations.roles();
    }

    /**
     * The query for KEDA's {@code postgresql} scaler: plain SQL that gives one number, {@link Backlog#scaler()}. Counts what is
     * claimable, worked on and reserved; not what is due later or dead. Stops at the cap, and costs the same however long the backlog is.
     */
    public String scalingQuery() {
        return BacklogQuery.query(config);
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        if (closed || opened != null) {
            throw new ConfigurationException(List.of("source: the one of " + config.queue
                    + " was opened or closed before; each worker takes one of its own"));
        }
        try {
            Opened parts = new Opening(dataSource, config, claims, settlements, plan, events).open();
            opened = parts;
            ordered = plan.ordered();
            if (stopped) {
                parts.claiming().stop();
            }
        } catch (SQLException e) {
            throw PostgresErrors.failed("open", config.queue, e);
        } catch (InterruptedException e) {
            throw PostgresErrors.interrupted("open", config.queue, e);
        }
        return Capabilities.builder(config.lockLength)
                .retryDelay(Capabilities.RetryDelay.NATIVE)
                .releaseCounted(false)
                .crashesCounted(true)
                .ordering(config.isTable ? Capabilities.Ordering.NONE : Capabilities.Ordering.ACROSS_WORKERS)
                .fencing(true)
                .reservation(true)
                .deadLetters(true)
                .build();
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        try {
            return opened().claiming().claim(demand, wait);
        } catch (SQLException e) {
            if (Thread.interrupted()) {
                // An interrupted virtual thread finds its socket closed.
                throw new InterruptedException("interrupted while claiming from " + config.queue);
            }
            throw PostgresErrors.failed("claim from", config.queue, e);
        }
    }

    @Override
    public List<Verdict> renew(List<Claim> held, Duration within) {
        return held.isEmpty() ? List.of() : opened().settling().renew(held, within);
    }

    @Override
    public List<Verdict> settle(List<Settlement> ended, Duration within) {
        if (ended.isEmpty()) {
            return List.of();
        }
        List<Verdict> verdicts = opened().settling().settle(ended, within);
        if (ordered) {
            opened().claiming().wake(); // what waited behind these may be claimed now
        }
        return verdicts;
    }

    @Override
    public void stopClaiming() {
        stopped = true;
        Opened parts = opened;
        if (parts != null) {
            parts.claiming().stop();
        }
    }

    @Override
    public Backlog backlog() {
        try {
            return claims.run(BacklogQuery.backlog(config), this::backlog, config.statementDeadline());
        } catch (SQLException e) {
            throw PostgresErrors.failed("count", config.queue, e);
        } catch (InterruptedException e) {
            throw PostgresErrors.interrupted("count", config.queue, e);
        }
    }

    private Backlog backlog(ResultSet row) throws SQLException {
        row.next();
        long scaler = row.getLong(1);
        return new Backlog(
                scaler,
                OptionalLong.of(row.getLong(2)),
                OptionalLong.of(row.getLong(3)),
                OptionalLong.of(row.getLong(4)),
                OptionalLong.of(row.getLong(5)),
                scaler >= config.scalerCap,
                Map.of(),
                Optional.ofNullable(row.getObject(6, Long.class)).map(Duration::ofMillis));
    }

    private Opened opened() {
        Opened parts = opened;
        if (parts == null) {
            throw new IllegalStateException("open() comes first");
        }
        return parts;
    }

    @Override
    public void close() {
        closed = true;
        stopClaiming();
        Opened parts = opened;
        if (parts != null) {
            parts.claiming().close();
        }
        claims.close();
        settlements.close();
    }
}
