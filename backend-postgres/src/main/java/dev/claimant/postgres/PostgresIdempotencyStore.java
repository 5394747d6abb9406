package dev.claimant.postgres;

import dev.claimant.ConfigurationException;
import dev.claimant.Handler;
import dev.claimant.IdempotencyStore;
import dev.claimant.SourceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Remembers in {@code claimant.idempotency} which idempotency keys are done and which are in work, for {@link Handler#idempotent}. For work
 * that is not SQL on this database; for work that is, {@link PostgresClaim#completeIn} leaves no gap.
 *
 * <p>Takes a connection from the data source for each of its two calls per message and gives it back at once; its role needs the rights of
 * {@code claimant_worker}. What is forgotten is removed now and then, by a caller that completes something. Immutable except for that; thread-safe.
 */
public final class PostgresIdempotencyStore implements IdempotencyStore {

    /** A key in work may be taken by the same message, whose earlier claim is over, and by anybody when its time has ended. */
    private static final String BEGIN = """
            INSERT INTO claimant.idempotency AS i (scope, key, message, holder, done, ends_at)
            VALUES (?, ?, ?, ?, false, now() + ? * interval '1 millisecond')
            ON CONFLICT (scope, key) DO UPDATE
            SET message = excluded.message, holder = excluded.holder, done = false, ends_at = excluded.ends_at
            WHERE i.ends_at <= now() OR (NOT i.done AND i.message = excluded.message)
            RETURNING true""";

    private static final String LOOK = "SELECT done FROM claimant.idempotency WHERE scope = ? AND key = ?";

    /** The row may have been removed: the key was held for too long, and nobody else wanted it. */
    private static final String COMPLETE = """
            INSERT INTO claimant.idempotency AS i (scope, key, message, holder, done, ends_at)
            VALUES (?, ?, '', ?, true, now() + ? * interval '1 millisecond')
            ON CONFLICT (scope, key) DO UPDATE SET done = true, ends_at = excluded.ends_at
            WHERE i.holder = excluded.holder AND NOT i.done""";

    private static final String ABANDON =
            "DELETE FROM claimant.idempotency WHERE scope = ? AND key = ? AND holder = ? AND NOT done";

    private static final Duration LONGEST = Duration.ofDays(3650);

    private final DataSource dataSource;
    private final String scope;
    private final Duration holdFor;
    private final Duration rememberFor;
    private final Housekeeping housekeeping;

    /**
     * A store that lets a key be held for 15 minutes and remembers for 7 days.
     *
     * @param scope the kind of work: keys of one scope say nothing about another; 1 to 200 characters
     * @throws ConfigurationException if the scope cannot be used
     */
    public PostgresIdempotencyStore(DataSource dataSource, String scope) {
        this(dataSource, scope, Duration.ofMinutes(15), Duration.ofDays(7));
    }

    private PostgresIdempotencyStore(DataSource dataSource, String scope, Duration holdFor, Duration rememberFor) {
        List<String> problems = new ArrayList<>();
        Checks.name(problems, "scope", scope);
        Checks.within(problems, "holdFor", holdFor, Duration.ofSeconds(1), LONGEST);
        Checks.within(problems, "rememberFor", rememberFor, Duration.ofSeconds(1), LONGEST);
        Checks.throwIfAny(problems);
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.scope = scope;
        this.holdFor = holdFor;
        this.rememberFor = rememberFor;
        this.housekeeping = new Housekeeping(dataSource, "claimant.idempotency");
    }

    /**
     * The same, with another time for which a message's work keeps its key from other messages, from 1 second to 10 years. Longer than any
     * handler runs. It costs nothing when a worker dies: its own message takes the key at once when it comes back.
     */
    public PostgresIdempotencyStore holdFor(Duration time) {
        return new PostgresIdempotencyStore(dataSource, scope, time, rememberFor);
    }

    /** The same, with another time for which a key stays done, from 1 second to 10 years. Longer than a duplicate may be late. */
    public PostgresIdempotencyStore rememberFor(Duration time) {
        return new PostgresIdempotencyStore(dataSource, scope, holdFor, time);
    }

    /**
     * Finds out before the first message whether the store can be used: asks the database for the schema, its version and the rights of the
     * data source's role. Optional; call it where the worker starts.
     *
     * @throws ConfigurationException with every right that is missing, and the role that does not have it
     * @throws SourceException if the database cannot be reached; it may be tried again
     */
    public void check() {
        StartupCheck.ofTable(dataSource, "idempotency");
    }

    /** {@inheritDoc}
     *
     * @throws IllegalArgumentException if the key is a text that cannot be stored as it is, or has more than 1500 bytes
     * @throws SourceException if the database cannot be reached or refuses
     */
    @Override
    public Answer begin(String key, String message, String holder) {
        return run("begin", key, connection -> {
            if (change(connection, BEGIN, scope, Checks.indexable("key", key), message, holder, holdFor.toMillis())) {
                return Answer.BEGUN;
            }
            return isDone(connection, key) ? Answer.DONE : Answer.BUSY;
        });
    }

    @Override
    public void complete(String key, String holder) {
        run("complete", key, connection -> change(connection, COMPLETE, scope, key, holder, rememberFor.toMillis()));
        housekeeping.runIfDue();
    }

    @Override
    public void abandon(String key, String holder) {
        run("abandon", key, connection -> change(connection, ABANDON, scope, key, holder));
    }

    private <T> T run(String what, String key, Transactions.Work<T, RuntimeException> work) {
        try {
            return Transactions.unrefused(() -> Transactions.run(dataSource, work));
        } catch (SQLException e) {
            throw PostgresErrors.failed(what, "idempotency key " + key + " of " + scope, e);
        }
    }

    private static boolean change(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            if (!statement.execute()) {
                return statement.getUpdateCount() > 0;
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next();
            }
        }
    }

    private boolean isDone(Connection connection, String key) throws SQLException {
        try (PreparedStatement look = connection.prepareStatement(LOOK)) {
            look.setString(1, scope);
            look.setString(2, key);
            try (ResultSet row = look.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
