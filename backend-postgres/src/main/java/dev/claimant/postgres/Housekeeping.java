package dev.claimant.postgres;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes rows whose time has ended, now and then, on the thread that just used the table: once a minute, a thousand rows at most, and
 * again at the next use while there are more. What fails is logged and tried again later. Thread-safe.
 */
final class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MOST = 1000;

    private final DataSource dataSource;
    private final String table;
    private final String remove;
    private final LongSupplier clock;
    private final long pauseNanos;
    private final AtomicLong nextNanos;

    /** Of a table of Claimant's own that has a column {@code ends_at} with an index. */
    Housekeeping(DataSource dataSource, String table) {
        this(dataSource, table, PAUSE, System::nanoTime);
    }

    Housekeeping(DataSource dataSource, String table, Duration pause, LongSupplier clock) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.pauseNanos = pause.toNanos();
        // At a random moment first: of many Jobs that each live for seconds, some come to it.
        long first = ThreadLocalRandom.current().nextLong(pauseNanos);
        this.nextNanos = new AtomicLong(clock.getAsLong() + first);
        this.table = table;
        this.remove = Sql.filled("""
                DELETE FROM %1$s WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM %1$s WHERE ends_at <= now() ORDER BY ends_at LIMIT %2$s FOR UPDATE SKIP LOCKED))""", table, MOST);
    }

    void runIfDue() {
        long due = nextNanos.get();
        if (clock.getAsLong() - due >= 0 && nextNanos.compareAndSet(due, clock.getAsLong() + pauseNanos)) {
            try {
                if (run() == MOST) {
                    nextNanos.set(clock.getAsLong());
                }
            } catch (SQLException e) {
                log.warn("cannot remove what has ended from {}: {}", table, PostgresErrors.describe(e));
            }
        }
    }

    /** How many rows were removed. */
    int run() throws SQLException {
        return Transactions.run(dataSource, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(remove);
            }
        });
    }
}
