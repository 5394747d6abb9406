package dev.claimant.benchmarks.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/**
 * {@code bin/bench postgres-bloat}: what becomes of the throughput while a transaction is held open elsewhere, and of the sizes of table and
 * indexes while messages pass through.
 */
final class BloatMain {

    private static final int STEP_SECONDS = 5;
    private static final int AS_FAST_AS_IT_GOES = 1_000_000;

    private final Database database;

    private BloatMain(Database database) {
        this.database = database;
    }

    /** Arguments: seconds with the transaction open; messages to pass through, and how many a second. */
    public static void main(String[] args) throws InterruptedException, SQLException {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        int messages = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        try (PostgresArena arena = new PostgresArena()) {
            System.out.println(arena.describe());
            int perSecond = args.length > 2 ? Integer.parseInt(args[2]) : 5_000;
            BloatMain bloat = new BloatMain(arena.database());
            bloat.held(seconds);
            bloat.sizes(messages, perSecond);
        }
    }

    private void held(int seconds) throws InterruptedException, SQLException {
        empty();
        try (Flow flow = new Flow(database, AS_FAST_AS_IT_GOES)) {
            step(flow, "warm-up");
            double normal = phase(flow, "normal", 4 * STEP_SECONDS);
            double last = 0;
            try (Connection other = database.dataSource.getConnection();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                statement.execute("SELECT count(*) FROM claimant.message");
                for (int passed = 0; passed < seconds; passed += STEP_SECONDS) {
                    last = step(flow, "held for " + (passed + STEP_SECONDS) + " s");
                }
                other.rollback();
            }
            double after = phase(flow, "after", 2 * STEP_SECONDS);
            System.out.printf(
                    "normal %.0f/s; at the end of %d s held %.0f/s, %.2f of normal; after %.0f/s%n",
                    normal, seconds, last, last / normal, after);
        }
    }

    private void sizes(int messages, int perSecond) throws InterruptedException {
        empty();
        System.out.printf(
                "%n%d messages, %d a second, autovacuum_naptime %s%n",
                messages, perSecond, database.text("SHOW autovacuum_naptime"));
        try (Flow flow = new Flow(database, perSecond)) {
            for (long next = 0; next <= messages; next += Math.max(1, messages / 10)) {
                while (flow.handled() < next) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                System.out.printf("%9d through: %s%n", flow.handled(), sizes());
            }
        }
    }

    private void empty() {
        database.execute("TRUNCATE claimant.message, claimant.mark");
        database.execute("VACUUM claimant.message");
    }

    private double phase(Flow flow, String what, int seconds) throws InterruptedException {
        double sum = 0;
        int steps = seconds / STEP_SECONDS;
        for (int i = 0; i < steps; i++) {
            sum += step(flow, what);
        }
        return sum / steps;
    }

    /** Messages per second over the next seconds. */
    private double step(Flow flow, String what) throws InterruptedException {
        long handled = flow.handled();
        long began = System.nanoTime();
        TimeUnit.SECONDS.sleep(STEP_SECONDS);
        double rate = (flow.handled() - handled) / ((System.nanoTime() - began) / 1e9);
        System.out.printf("%-16s %8.0f/s  %s%n", what, rate, sizes());
        return rate;
    }

    private String sizes() {
        return database.text("""
                SELECT 'table ' || pg_size_pretty(pg_table_size('claimant.message'))
                    || ', indexes ' || pg_size_pretty(pg_indexes_size('claimant.message'))
                    || ', dead tuples ' || n_dead_tup || ', vacuums ' || autovacuum_count
                FROM pg_stat_user_tables WHERE relid = 'claimant.message'::regclass""");
    }
}
