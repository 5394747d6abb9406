package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Worker;
import dev.claimant.contract.Harness;
import dev.claimant.contract.NoEvents;
import dev.claimant.contract.SourceContract;
import dev.claimant.contract.Wire;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Everything works through PgBouncer in transaction mode, where a session is ours for one transaction only. */
class PgBouncerTest {

    @AutoClose
    private static PgBouncer bouncer;

    @BeforeAll
    static void start() {
        bouncer = PgBouncer.start();
    }

    /** The contract of a source on a queue, every rule of it. */
    @Nested
    class Queued implements SourceContract {
        @Override
        public Harness newHarness() {
            await("the last rule's clients to be gone").until(() -> bouncer.clients() == 0);
            return new QueueHarness("PostgreSQL through PgBouncer, queue") {
                @Override
                Wire newWire() {
                    return Wire.to("127.0.0.1", bouncer.port());
                }

                @Override
                public int connections() {
                    return bouncer.clients();
                }
            };
        }
    }

    @Nested
    class Workers {

        private final TestQueue queue = new TestQueue();

        @AfterEach
        void close() {
            queue.close();
        }

        @Test
        void workersOfTwoQueuesShareSessionsAndEachMessageIsHandledOnceByItsOwn() {
            try (TestQueue other = new TestQueue()) {
                Queue<String> handled = new ConcurrentLinkedQueue<>();
                List<String> sent = IntStream.range(0, 300)
                        .mapToObj(i -> (i % 2 == 0 ? queue : other).name + " " + i)
                        .toList();
                PostgresQueue first = new PostgresQueue(through(0), queue.name);
                PostgresQueue second = new PostgresQueue(through(0), other.name);
                sent.forEach(text -> (text.startsWith(queue.name) ? first : second).enqueue(text));

                try (PostgresSource a = PostgresSource.queue(through(1), queue.name);
                        PostgresSource b = PostgresSource.queue(through(1), other.name);
                        PostgresSource c = PostgresSource.queue(through(1), queue.name);
                        Worker one = worker(queue, a, handled);
                        Worker two = worker(other, b, handled);
                        Worker three = worker(queue, c, handled)) {
                    List.of(one, two, three).forEach(Worker::start);
                    await().atMost(Duration.ofSeconds(30)).until(() -> handled.size() >= sent.size());
                }

                assertThat(handled).containsExactlyInAnyOrderElementsOf(sent);
                assertThat(queue.states()).isEmpty();
                assertThat(other.states()).isEmpty();
            }
        }

        private Worker worker(TestQueue of, PostgresSource source, Queue<String> handled) {
            return Worker.builder(source)
                    .slots(4)
                    .handler(claim -> handled.add(check(of, claim)))
                    .build();
        }

        private String check(TestQueue of, Claim claim) {
            return claim.text().startsWith(of.name) ? claim.text() : "foreign: " + claim.text();
        }

        @Test
        void noSessionIsLeftListeningAndPollingFindsTheMessage() {
            PostgresSource worker = opened(PostgresConfig.queue(queue.name));
            CompletableFuture<List<Claim>> claims = WakeUpTest.claimLater(worker);
            await().during(Duration.ofSeconds(1)).until(() -> listening() == 0);

            queue.enqueue("a");

            assertThat(WakeUpTest.within(claims)).hasSize(1);
            worker.close();
        }

        @Test
        void aListenerThatGoesRoundThePoolerWakesTheWorker() {
            PostgresSource worker = opened(PostgresConfig.queue(queue.name)
                    .pollInterval(Duration.ofMinutes(1))
                    .listenOn(queue.database.named("round").dataSource()));
            CompletableFuture<List<Claim>> claims = WakeUpTest.claimLater(worker);
            WakeUpTest.awaitListener(queue.database, "round");

            new PostgresQueue(through(0), queue.name).enqueue("a");

            assertThat(WakeUpTest.within(claims)).hasSize(1);
            worker.close();
        }

        @Test
        void aSourceThatCannotListenLeavesThoseThatCan() throws InterruptedException {
            PostgresSource hearing = opened(PostgresConfig.queue(queue.name)
                    .pollInterval(Duration.ofMinutes(1))
                    .listenOn(queue.database.named("second round").dataSource()));
            CompletableFuture<List<Claim>> claims = WakeUpTest.claimLater(hearing);
            WakeUpTest.awaitListener(queue.database, "second round");
            PostgresSource polling = opened(PostgresConfig.queue("of nobody"));
            assertThat(polling.claim(1, Duration.ofMillis(500))).isEmpty();

            queue.database.column(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'second round'");

            WakeUpTest.awaitListener(queue.database, "second round");
            new PostgresQueue(through(0), queue.name).enqueue("a");
            assertThat(WakeUpTest.within(claims)).hasSize(1);
            hearing.close();
            polling.close();
        }

        @Test
        void whoMissesAPreparedStatementIsToldWhatTheDataSourceNeeds() throws SQLException {
            try (Connection connection = through(0).getConnection();
                    Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute("EXECUTE s_1"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(PostgresErrors.describe(e)).contains("prepareThreshold=0"));
            }
        }

        private PostgresSource opened(PostgresConfig.Builder config) {
            PostgresSource source = PostgresSource.of(through(5), config.build());
            source.open(TestQueue.plan(null), NoEvents.INSTANCE);
            return source;
        }

        private long listening() {
            return queue.database.number("""
                    SELECT count(*) FROM pg_stat_activity
                    WHERE query LIKE 'LISTEN%' AND datname = current_database() AND application_name = 'through'""");
        }

        private PGSimpleDataSource through(int prepareThreshold) {
            PGSimpleDataSource pooled = new PGSimpleDataSource();
            pooled.setURL("jdbc:postgresql://127.0.0.1:" + bouncer.port() + "/" + queue.database.name());
            pooled.setUser("claimant_worker");
            pooled.setPassword("worker");
            pooled.setApplicationName("through");
            pooled.setPrepareThreshold(prepareThreshold);
            return pooled;
        }
    }
}
