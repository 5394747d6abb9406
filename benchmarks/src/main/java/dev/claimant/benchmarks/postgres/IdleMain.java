package dev.claimant.benchmarks.postgres;

import dev.claimant.Worker;
import dev.claimant.postgres.PostgresConfig;
import dev.claimant.postgres.PostgresSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code bin/bench postgres-idle}: what workers cost the server, and themselves, while there is nothing to do. */
final class IdleMain {

    private static final int SETTLE_SECONDS = 8;

    private final PostgresArena arena;
    private final int workers;
    private final int seconds;

    private IdleMain(PostgresArena arena, int workers, int seconds) {
        this.arena = arena;
        this.workers = workers;
        this.seconds = seconds;
    }

    /** Arguments: how many workers, for how many seconds each case is measured. */
    public static void main(String[] args) throws InterruptedException {
        int workers = args.length > 0 ? Integer.parseInt(args[0]) : 50;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        try (PostgresArena arena = new PostgresArena()) {
            System.out.println(arena.describe() + "; " + workers + " idle workers in one process, " + seconds
                    + " s each; percent of one processor");
            new IdleMain(arena, workers, seconds).run();
        }
    }

    private void run() throws InterruptedException {
        Database database = arena.database();
        PostgresSource.migrate(database.dataSource);
        database.execute("CREATE TABLE idle_job (id bigint PRIMARY KEY, status text)");
        database.execute("CREATE INDEX ON idle_job (id) WHERE status = 'NEW'");
        measure("queue, woken", PostgresConfig.queue("idle"));
        measure("queue, wakeUp off", PostgresConfig.queue("idle").wakeUp(false));
        measure("table, polled", table());
        database.execute("CREATE TRIGGER wake_workers AFTER INSERT OR UPDATE ON idle_job FOR EACH STATEMENT"
                + " EXECUTE FUNCTION claimant.wake_workers()");
        measure("table with trigger", table());
    }

    private static PostgresConfig.Builder table() {
        return PostgresConfig.table("idle_job").pending("t.status = 'NEW'");
    }

    private void measure(String what, PostgresConfig.Builder config) throws InterruptedException {
        List<PostgresSource> sources = new ArrayList<>();
        List<Worker> all = new ArrayList<>();
        try {
            for (int i = 0; i < workers; i++) {
                PostgresSource source = PostgresSource.of(arena.direct(), config.build());
                sources.add(source);
                all.add(Worker.builder(source).handler(claim -> {}).build());
            }
            all.forEach(Worker::start);
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            double server = arena.serverMicros();
            Duration own = own();
            long began = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            double micros = (System.nanoTime() - began) / 1e3;
            System.out.printf(
                    Locale.ROOT,
                    "%-20s server %5.1f %%  workers %5.1f %%%n",
                    what,
                    100 * (arena.serverMicros() - server) / micros,
                    100 * own().minus(own).toNanos() / 1e3 / micros);
        } finally {
            all.forEach(Worker::close);
            sources.forEach(PostgresSource::close);
        }
    }

    private static Duration own() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
