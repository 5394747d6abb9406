package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.contract.NoEvents;
import dev.claimant.spi.Plan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes {@code docs/postgres.md}: what PostgreSQL did for each statement, with a million rows there. The library runs as it always does; the
 * server itself explains what it is sent.
 */
final class ExplainPage {

    /** So often that the driver has prepared a statement, and the server keeps its one plan. */
    private static final int TIMES = 8;

    private static final int BATCH = 50;

    private final ExplainingServer server;
    private final int rows;

    private ExplainPage(ExplainingServer server, int rows) {
        this.server = server;
        this.rows = rows;
    }

    /** Arguments: the file, the number of rows. */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        Path page = Path.of(args[0]);
        try (ExplainingServer server = ExplainingServer.start()) {
            ExplainPage explain = new ExplainPage(server, Integer.parseInt(args[1]));
            explain.fill();
            explain.queue();
            explain.table();
            explain.operator();
            explain.ordered();
            explain.finishedRows();
            Files.writeString(page, explain.page());
        }
    }

    private void fill() {
        server.quietly("""
                INSERT INTO claimant.message (queue, body, idempotency_key, once)
                SELECT 'q', 'some work', 'key ' || i, true FROM generate_series(1, %1$d) i;
                INSERT INTO claimant.message (queue, body, state, locked_until, holder, attempt, delivery)
                SELECT 'q', 'x', 'working', now() + interval '1 hour', 'another', 1, 1 FROM generate_series(1, %1$d / 50);
                INSERT INTO claimant.message (queue, body, state, due_at, attempt, delivery)
                SELECT 'q', 'x', 'waiting', now() + i * interval '1 s', 1, 1 FROM generate_series(-500, %1$d / 50) i;
                INSERT INTO claimant.dead (id, queue, reason, attempts, deliveries, expired_locks, enqueued_at, body)
                SELECT -i, 'q', 'some reason', 5, 5, 0, now(), 'x' FROM generate_series(1, %1$d / 10) i;
                CREATE TABLE job (id bigint PRIMARY KEY, status text NOT NULL, payload text);
                INSERT INTO job SELECT i, CASE WHEN i %% 10 = 0 THEN 'NEW' ELSE 'DONE' END, 'x' FROM generate_series(1, %1$d) i;
                CREATE INDEX job_new ON job (id) WHERE status = 'NEW'
                """.formatted(rows));
        server.quietly("VACUUM ANALYZE");
    }

    private void queue() throws InterruptedException {
        PostgresConfig config = PostgresConfig.queue("q").wakeUp(false).build();
        try (PostgresSource source = PostgresSource.of(server.dataSource(), config)) {
            server.title("Opening");
            source.open(TestQueue.plan("some-job"), NoEvents.INSTANCE);
            operations("A queue", source);
            server.title("A queue: enqueue");
            PostgresQueue queue = new PostgresQueue(server.dataSource(), "q");
            queue.enqueue("new");
            queue.enqueueOnce(PostgresQueue.NewMessage.of("new").idempotencyKey("key 1"));
        }
    }

    private void table() throws InterruptedException {
        PostgresConfig config = PostgresConfig.table("job")
                .pending("t.status = 'NEW'")
                .orderBy("id")
                .build();
        try (PostgresSource source = PostgresSource.of(server.dataSource(), config)) {
            server.title("Opening: a table of the application");
            source.open(TestQueue.plan("some-job"), NoEvents.INSTANCE);
            operations("A table of the application", source);
        }
    }

    /** A busy key, of which a tenth as many as there are rows was worked off while somebody held a snapshot. */
    private void ordered() throws InterruptedException, SQLException {
        try (Connection other = server.dataSource().getConnection();
                Statement report = other.createStatement();
                PostgresSource source = PostgresSource.of(
                        server.dataSource(),
                        PostgresConfig.queue("o").wakeUp(false).build())) {
            other.setAutoCommit(false);
            other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            report.execute("SELECT 1 FROM claimant.message LIMIT 1");
            server.quietly("""
                    INSERT INTO claimant.message (queue, body, ordering_key)
                    SELECT 'o', 'x', 'hot' FROM generate_series(1, %1$d / 10);
                    UPDATE claimant.message SET state = 'working', locked_until = now(), position = nextval('claimant.position')
                    WHERE queue = 'o';
                    DELETE FROM claimant.message WHERE queue = 'o';
                    INSERT INTO claimant.message (queue, body, ordering_key)
                    SELECT 'o', 'x', 'hot' FROM generate_series(1, %1$d / 20)""".formatted(rows));
            Plan plan = new Plan("worker", 4, 16, 3, null, null, TestQueue.RESERVATION, true, false);
            source.open(plan, NoEvents.INSTANCE);
            server.title(
                    "An ordered queue under a held snapshot, a tenth as many of one key gone and a twentieth waiting: claim");
            for (int i = 0; i < 2 * TIMES; i++) {
                source.claim(BATCH, Duration.ofMillis(600));
            }
            other.rollback();
        }
    }

    /** Rows that look pending for ever: a tenth as many as there are rows. */
    private void finishedRows() throws InterruptedException {
        server.quietly("""
                CREATE TABLE finished (id bigint PRIMARY KEY, payload text);
                INSERT INTO finished SELECT i, 'x' FROM generate_series(1, %1$d / 10 + 10) i;
                INSERT INTO claimant.message (queue, key, state)
                SELECT 'finished', i, CASE WHEN i %% 2 = 0 THEN 'dead' ELSE 'done' END FROM generate_series(1, %1$d / 10) i""".formatted(rows));
        server.quietly("VACUUM ANALYZE finished");
        PostgresConfig config = PostgresConfig.table("finished").pending("true").build();
        try (PostgresSource source = PostgresSource.of(server.dataSource(), config)) {
            server.title("Opening: a table of the application");
            source.open(TestQueue.plan(null), NoEvents.INSTANCE);
            server.title("A table with a tenth as many rows that look pending and are done or dead: claim");
            for (int i = 0; i < TIMES; i++) {
                source.claim(BATCH, Duration.ofMillis(600));
            }
            server.title("A table with a tenth as many rows that look pending and are done or dead: the scaling query");
            server.run(source.scalingQuery());
        }
    }

    private void operations(String of, PostgresSource source) throws InterruptedException {
        server.title(of + ": claim");
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < 4 * TIMES; i++) {
            claims.addAll(source.claim(BATCH, Duration.ZERO));
        }
        server.title(of + ": renew");
        for (int i = 0; i < TIMES; i++) {
            source.renew(claims.subList(0, BATCH), TestQueue.WITHIN);
        }
        settle(of, "complete", source, claims, Complete::new);
        settle(of, "retry", source, claims, claim -> new Retry(claim, Duration.ofMinutes(1), "an error"));
        settle(of, "release", source, claims, Release::new);
        settle(of, "dead-letter", source, claims, claim -> new DeadLetter(claim, "a reason", "an error"));
        server.title(of + ": what became of rows that were not ours any more");
        source.settle(List.of(new Complete(claims.get(0))), TestQueue.WITHIN);
        server.title(of + ": the scaling query");
        server.run(source.scalingQuery());
        server.title(of + ": backlog");
        source.backlog();
    }

    private void settle(
            String of, String kind, PostgresSource source, List<Claim> claims, Function<Claim, Settlement> settlement) {
        server.title(of + ": " + kind);
        for (int i = 0; i < TIMES; i++) {
            // From the end, so that the first is left for others.
            List<Claim> batch = List.copyOf(claims.subList(claims.size() - BATCH / 2, claims.size()));
            claims.subList(claims.size() - BATCH / 2, claims.size()).clear();
            source.settle(batch.stream().map(settlement).toList(), TestQueue.WITHIN);
        }
    }

    private void operator() {
        DeadLetters dead = new DeadLetters(server.dataSource(), "q");
        server.title("Dead letters");
        dead.list(20);
        dead.find("-7");
        dead.redrive(List.of("-1", "-2"));
        dead.purge(List.of("-3", "-4"));
    }

    private String page() {
        return """
                # PostgreSQL: what each statement costs

                Made by `bin/explain`: do not edit. The library ran its statements on PostgreSQL %1$s with %2$,d ready messages in one queue, %3$,d locked, %3$,d waiting and %4$,d
                dead, and with a table of %2$,d rows of which a tenth is pending; `auto_explain` wrote down what the server did. Claims ask for %5$d, settlements are of %6$d. Buffers
                are pages of 8 kB that were looked at, which neighbours on the machine do not change; its load was %7$.0f, so read the times by that.

                %8$s""".formatted(
                        server.version(),
                        rows,
                        rows / 50,
                        rows / 10,
                        BATCH,
                        BATCH / 2,
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                        server.explained());
    }
}
