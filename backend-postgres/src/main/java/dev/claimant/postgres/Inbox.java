package dev.claimant.postgres;

import dev.claimant.AlreadyDone;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Handler;
import dev.claimant.PermanentFailure;
import dev.claimant.RetryLater;
import dev.claimant.SourceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lets the effect of a message happen once, whatever source it comes from and however often that brings it back: a note of its idempotency
 * key and the handler's own SQL are committed in one transaction. The source hears of it afterwards; what it brings again is found in the
 * inbox, completed without running the handler, and counted as a duplicate.
 *
 * <pre>{@code
 * Handler handler = new Inbox(dataSource, "bookings").handler((claim, connection) -> book(connection, claim.text()));
 * }</pre>
 *
 * <p>A copy that comes while the first one is worked on does not wait for it: it is tried again a second later, burning no attempt. What is
 * outside of the transaction (a mail, a call to another service) is not covered. Needs the schema {@code claimant} in the handler's database,
 * and for its role the rights of {@code claimant_worker}. Rows that are forgotten are removed now and then by the callers of the inbox.
 * Immutable except for that; thread-safe.
 *
 * @see PostgresClaim#completeIn for messages of a PostgreSQL source in the same database, which need no note
 */
public final class Inbox {

    private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    /**
     * One round trip. An insert waits for a transaction that has inserted the same key; the handler's own statements may wait as long as they
     * could before.
     *
     * @see <a href="https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT">lock_timeout</a>
     */
    private static final String NOTE = """
            SELECT set_config('claimant.lock_timeout', current_setting('lock_timeout'), true);
            SELECT set_config('lock_timeout', '200ms', true);
            INSERT INTO claimant.inbox AS i (name, key, ends_at) VALUES (?, ?, now() + ? * interval '1 millisecond')
            ON CONFLICT (name, key) DO UPDATE SET ends_at = excluded.ends_at WHERE i.ends_at <= now()
            RETURNING true;
            SELECT set_config('lock_timeout', current_setting('claimant.lock_timeout'), true)""";

    /** The key was being inserted elsewhere: no lock in time, or (in stricter isolation) a row that this transaction must not see. */
    private static final List<String> BUSY = List.of("55P03", "40001", "40P01");

    private final DataSource dataSource;
    private final String name;
    private final Duration rememberFor;
    private final Function<Claim, @Nullable String> key;
    private final Housekeeping housekeeping;

    /** The work on one message; everything that {@link Handler} says holds. */
    @FunctionalInterface
    public interface Work {

        /**
         * Works on one message.
         *
         * @param connection in a transaction that is committed when this returns, and rolled back when it throws or was told to stop; the
         *     work itself can neither end it nor close the connection. Keep it short: it is a transaction
         * @throws Exception as {@link Handler#handle} says
         */
        void handle(Claim claim, Connection connection) throws Exception;
    }

    /**
     * An inbox that goes by the messages' own idempotency keys and remembers them for 7 days.
     *
     * @param dataSource gives one connection for each message while it is worked on
     * @param name the kind of work: keys of one inbox say nothing about another; 1 to 200 characters
     * @throws ConfigurationException if the name cannot be used
     */
    public Inbox(DataSource dataSource, String name) {
        this(dataSource, name, Duration.ofDays(7), claim -> claim.message().idempotencyKey());
    }

    private Inbox(DataSource dataSource, String name, Duration rememberFor, Function<Claim, @Nullable String> key) {
        List<String> problems = new ArrayList<>();
        Checks.name(problems, "name", name);
        Checks.within(problems, "rememberFor", rememberFor, Duration.ofSeconds(1), LONGEST);
        Checks.throwIfAny(problems);
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.name = name;
        this.rememberFor = rememberFor;
        this.key = key;
        this.housekeeping = new Housekeeping(dataSource, "claimant.inbox");
    }

    /** The same, with another time to remember keys, from 1 second to 10 years. Longer than the source may take to bring a message again. */
    public Inbox rememberFor(Duration time) {
        return new Inbox(dataSource, name, time, key);
    }

    /** The same with keys of the application's own making; null for a message that has none. */
    public Inbox key(Function<Claim, @Nullable String> ofClaim) {
        return new Inbox(dataSource, name, rememberFor, ofClaim);
    }

    /**
     * Finds out before the first message whether the inbox can be used: asks the database for the schema, its version and the rights of the
     * data source's role. Optional; call it where the worker starts.
     *
     * @throws ConfigurationException with every right that is missing, and the role that does not have it
     * @throws SourceException if the database cannot be reached; it may be tried again
     */
    public void check() {
        StartupCheck.ofTable(dataSource, "inbox");
    }

    /** The handler that does the work once per key. A message without a key, or with one that cannot be stored, is dead-lettered, with that reason. */
    public Handler handler(Work work) {
        return claim -> {
            handle(claim, work);
            housekeeping.runIfDue();
        };
    }

    /**
     * Notes the message's key in the application's own transaction, before the work: for frameworks whose transaction manager commits. The
     * work must not be done, and the transaction be rolled back, if this throws.
     *
     * @param connection in the transaction; it is neither committed nor closed here
     * @throws AlreadyDone if the work was done before
     * @throws RetryLater if another transaction is doing it now
     * @throws PermanentFailure if the message has no key, or one that cannot be stored
     * @throws IllegalStateException if the connection is in auto-commit mode
     */
    public void note(Claim claim, Connection connection) throws SQLException, RetryLater {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("inbox " + name
                    + ": the connection is in auto-commit mode, so there is no transaction for the note");
        }
        noteNew(connection, keyOf(claim));
    }

    /** Removes keys that are forgotten, at most once a minute: to be called after transactions that {@link #note} was part of. */
    public void removeForgotten() {
        housekeeping.runIfDue();
    }

    private void handle(Claim claim, Work work) throws Exception {
        String ofClaim = keyOf(claim);
        Transactions.<Claim, Exception>run(dataSource, connection -> {
            noteNew(connection, ofClaim);
            work.handle(claim, GuardedConnection.of(connection));
            if (claim.stopAsked()) {
                throw new IllegalStateException(
                        "told to stop, so that its return is not believed; nothing was committed");
            }
            return claim;
        });
    }

    private String keyOf(Claim claim) {
        String ofClaim = key.apply(claim);
        if (ofClaim == null) {
            throw new PermanentFailure("the message has no idempotency key, and the inbox " + name
                    + " was given no function that makes one");
        }
        try {
            return Checks.indexable("key", ofClaim);
        } catch (IllegalArgumentException e) {
            throw new PermanentFailure("inbox " + name + " cannot keep the message's " + e.getMessage());
        }
    }

    private void noteNew(Connection connection, String ofClaim) throws SQLException, RetryLater {
        if (!note(connection, ofClaim)) {
            throw new AlreadyDone("inbox " + name + " has the key " + ofClaim);
        }
    }

    /** Whether the key is new; it stays so for others until the commit. */
    private boolean note(Connection connection, String ofClaim) throws SQLException, RetryLater {
        try (PreparedStatement statement = connection.prepareStatement(NOTE)) {
            statement.setString(1, name);
            statement.setString(2, ofClaim);
            statement.setLong(3, rememberFor.toMillis());
            statement.execute();
            statement.getMoreResults();
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                return row.next();
            }
        } catch (SQLException e) {
            if (BUSY.contains(e.getSQLState())) {
                throw RetryLater.untried(BUSY_PAUSE, "key " + ofClaim + " of inbox " + name + " is in work elsewhere");
            }
            throw e;
        }
    }
}
