package dev.claimant.postgres;

import dev.claimant.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link PostgresSource}: a queue of Claimant's own ({@link #queue}) or a table that the application already has
 * ({@link #table}). Immutable.
 */
public final class PostgresConfig {

    private static final Duration MAX_LOCK = Duration.ofDays(1);

    /** Of a table its name, under which its messages are stored too. */
    final String queue;

    final Duration lockLength;
    final Duration pollInterval;
    final Duration statementTimeout;
    final Duration connectTimeout;
    final int scalerCap;
    final boolean wakeUp;
    final @Nullable DataSource listenOn;
    final boolean isTable;
    final String key;
    final List<String> body;
    final @Nullable String orderBy;
    final String pending;

    private PostgresConfig(Builder builder) {
        queue = builder.name;
        isTable = builder.isTable;
        lockLength = builder.lockLength;
        pollInterval = builder.pollInterval;
        statementTimeout = builder.statementTimeout;
        connectTimeout = builder.connectTimeout;
        scalerCap = builder.scalerCap;
        wakeUp = builder.wakeUp;
        listenOn = builder.listenOn;
        key = builder.key;
        body = List.copyOf(builder.body);
        orderBy = builder.orderBy;
        pending = builder.pending;
    }

    /** By when a statement that begins now is to be over. */
    long statementDeadline() {
        return System.nanoTime() + statementTimeout.toNanos();
    }

    /** The settings of a queue of Claimant's own, with defaults. */
    public static Builder queue(String name) {
        return new Builder(name, false);
    }

    /**
     * The settings for a table that the application already has, with defaults. {@link Builder#pending} is required.
     *
     * <p>The key's type must be one whose text is the same in every session: a whole number, {@code numeric}, {@code uuid}, a text, a date, a
     * timestamp, {@code bytea}, {@code inet}, {@code macaddr}, an enumeration, or a domain over one of these.
     *
     * @param name {@code table} or {@code schema.table}, spelled exactly as the database spells it: it is quoted. Which table it is, the search
     *     path of the session says that opens the source
     */
    public static Builder table(String name) {
        return new Builder(name, true);
    }

    /** Collects settings; {@link #build} checks them all at once. */
    public static final class Builder {

        private final String name;
        private final boolean isTable;
        private Duration lockLength = Duration.ofSeconds(30);
        private Duration pollInterval = Duration.ofMillis(250);
        private Duration statementTimeout = Duration.ofSeconds(10);
        private Duration connectTimeout = Duration.ofSeconds(60);
        private int scalerCap = 1000;
        private boolean wakeUp = true;
        private @Nullable DataSource listenOn;
        private String key = "id";
        private List<String> body = List.of();
        private @Nullable String orderBy;
        private String pending = "";

        private Builder(String name, boolean isTable) {
            this.name = name;
            this.isTable = isTable;
        }

        /** How long a claim or a renewal holds, from 1 s to 1 day; 30 s by default. */
        public Builder lockLength(Duration length) {
            lockLength = length;
            return this;
        }

        /**
         * How long a claim that finds nothing waits before it looks again, from 10 ms to 1 minute; 250 ms by default. A busy worker
         * looks this often for what comes back: retries that are due, locks that expired. An idle one that is woken ({@link #wakeUp})
         * looks up to eight times more rarely, except when something comes back.
         */
        public Builder pollInterval(Duration interval) {
            pollInterval = interval;
            return this;
        }

        /** How long one claim, count or check may take, from 100 ms to 10 minutes; 10 s by default. */
        public Builder statementTimeout(Duration timeout) {
            statementTimeout = timeout;
            return this;
        }

        /**
         * How long opening the source may wait for each of its connections, from 100 ms to 10 minutes; 60 s by default. A process with a
         * twentieth of a processor takes 20 s and more for its first connection with TLS. The driver and a pool have limits of their own
         * ({@code loginTimeout}, {@code connectionTimeout}).
         */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        /**
         * Where the scaling query stops counting, from 1 to 1,000,000; 1,000 by default. More than the most workers times what each is
         * meant to have makes no difference to KEDA and costs time at every poll.
         */
        public Builder scalerCap(int cap) {
            scalerCap = cap;
            return this;
        }

        /**
         * Whether an idle worker is woken when a message is put in; yes by default. All sources of a process on one database share one
         * more connection for that, taken from the data source of one of them when it first finds nothing to claim. Without it, or
         * while it is broken, workers find messages at the poll interval.
         *
         * <p>A table of the application is polled unless its owner gives it the trigger that notifies:
         * {@code CREATE TRIGGER wake_workers AFTER INSERT OR UPDATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION
         * claimant.wake_workers()}. Workers that are opened afterwards rely on it: a row that becomes pending without a statement on
         * the table, by time for example, is found within eight poll intervals.
         */
        public Builder wakeUp(boolean wake) {
            wakeUp = wake;
            return this;
        }

        /**
         * Where the connection that waits for wake-ups comes from; by default the source's own data source. Of use behind PgBouncer or
         * another pooler, which it must go round: through one, workers only poll.
         */
        public Builder listenOn(DataSource direct) {
            listenOn = direct;
            return this;
        }

        /** For a table: the column that names a row, unique and never null; {@code id} by default. */
        public Builder key(String column) {
            key = column;
            return this;
        }

        /** For a table: the columns that make up the body, a JSON object; all columns by default. */
        public Builder body(String... columns) {
            body = List.of(columns);
            return this;
        }

        /**
         * For a table: the column whose lowest value is claimed first, among the first thousand rows that look pending; by default whatever
         * the server finds first.
         */
        public Builder orderBy(String column) {
            orderBy = column;
            return this;
        }

        /**
         * For a table: the SQL condition that says which rows wait to be worked on. The row is called {@code t}; sub-selects may
         * read other tables, for example
         * {@code NOT EXISTS (SELECT 1 FROM clap c WHERE c.id = t.id AND c.status = 'SUCCESS')}.
         *
         * <p>It goes into statements as it stands: never build it from foreign input. A row that was claimed stays work until it is
         * completed or dead-lettered, whatever the condition says meanwhile; after that it is not claimed again before a worker
         * has found the condition false for it. So make it false when the work is done: rows that look pending for ever cost KEDA's
         * query time, 2 to 3 ms for each thousand.
         */
        public Builder pending(String condition) {
            pending = condition;
            return this;
        }

        /**
         * The settings, checked.
         *
         * @throws ConfigurationException naming every setting that cannot be used
         */
        public PostgresConfig build() {
            List<String> problems = new ArrayList<>();
            Checks.within(problems, "lockLength", lockLength, Duration.ofSeconds(1), MAX_LOCK);
            Checks.within(problems, "pollInterval", pollInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
            Checks.within(
                    problems, "statementTimeout", statementTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
            Checks.within(problems, "connectTimeout", connectTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
            if (scalerCap < 1 || scalerCap > 1_000_000) {
                problems.add("scalerCap: " + scalerCap + " is not between 1 and 1000000");
            }
            Checks.name(problems, isTable ? "table" : "queue", name);
            if (isTable) {
                checkTable(problems);
            }
            Checks.throwIfAny(problems);
            return new PostgresConfig(this);
        }

        private void checkTable(List<String> problems) {
            if (name != null && !isTableName(name)) {
                problems.add("table: '" + name + "' is neither table nor schema.table");
            }
            Checks.name(problems, "key", key);
            body.forEach(column -> Checks.name(problems, "body", column));
            if (orderBy != null) {
                Checks.name(problems, "orderBy", orderBy);
            }
            if (pending == null || pending.isBlank()) {
                problems.add("pending: missing; it says which rows of " + name + " wait to be worked on");
            } else if (pending.contains("?")) {
                problems.add("pending: '" + pending + "' contains a question mark, which JDBC takes for a parameter;"
                        + " write jsonb_exists(a, b) for the operator, chr(63) for the character");
            }
        }

        private static boolean isTableName(String name) {
            List<String> parts = List.of(name.split("\\.", -1));
            return parts.size() <= 2 && !parts.contains("");
        }
    }
}
