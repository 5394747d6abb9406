package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.ChildProcess;
import dev.claimant.Claim;
import dev.claimant.JobOptions;
import dev.claimant.JobResult;
import dev.claimant.RetryPolicy;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Worker;
import dev.claimant.contract.NoEvents;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A message that cannot be read is given up with the reason, and keeps no other from being handed out. */
class UnreadClaimsTest {

    private static final byte[] TWO_MEGABYTES = new byte[2 << 20];

    private final TestDatabase database = TestDatabase.empty();

    @Test
    void oneThatCannotBeDecodedIsDeadLetteredAndItsNeighboursAreHandedOut() {
        migrateWithoutChecks();
        try (TestQueue queue = new TestQueue(database)) {
            PostgresSource worker = queue.worker();
            queue.enqueue("a");
            insert(queue, "ARRAY['name', NULL]");
            insert(queue, "ARRAY[['a', 'b'], ['c', 'd']]");
            queue.enqueue("b");

            assertThat(claim(worker))
                    .extracting(claim -> claim.text() + claim.attempt())
                    .containsExactly("a1", "b1");

            assertThat(queue.states()).containsExactly("working", "working");
            assertThat(reasons(queue.name))
                    .hasSize(2)
                    .allMatch(reason -> reason.startsWith("cannot be read: ") && reason.contains("its headers are"));
        }
    }

    @Test
    void aJobThatMeetsOneGoesOnToTheNextMessage() {
        migrateWithoutChecks();
        try (TestQueue queue = new TestQueue(database)) {
            insert(queue, "ARRAY['name', NULL]");
            queue.enqueue("b");

            assertThat(claimOne(queue.worker("job")).text()).isEqualTo("b");
        }
    }

    @Test
    void oneThatIsLongerThanTheClientCanReadIsGivenUpAfterItsAttemptsAndItsNeighboursAreHandedOut() {
        PostgresSource.migrate(database.dataSource());
        try (TestQueue queue = new TestQueue(database);
                PostgresSource worker = reading(queue, "1M", 3)) {
            queue.enqueue("a");
            queue.queue.enqueue(NewMessage.of(TWO_MEGABYTES));
            queue.enqueue("b");

            List<String> handedOut = new ArrayList<>();
            List<String> failures = new ArrayList<>();
            for (int i = 0; i < 30 && !queue.states().isEmpty(); i++) {
                try {
                    for (Claim claim : claim(worker)) {
                        assertThat(claim.attempt()).isOne();
                        handedOut.add(claim.text());
                        settle(worker, new Complete(claim));
                    }
                } catch (SourceException e) {
                    failures.add(String.valueOf(e.getMessage()));
                }
                queue.makeDue();
            }

            assertThat(handedOut).containsExactlyInAnyOrder("a", "b");
            assertThat(failures).isNotEmpty();
            assertThat(reasons(queue.name))
                    .singleElement()
                    .asString()
                    .startsWith("attempt 3: cannot be read: ")
                    .contains("maxResultBuffer");
            assertThat(queue.states()).isEmpty();
        }
    }

    @Test
    void aJobWhoseClaimsThrewDoesNotExitZero() {
        PostgresSource.migrate(database.dataSource());
        try (TestQueue queue = new TestQueue(database);
                PostgresSource source =
                        PostgresSource.queue(database.readingAtMost("1M").dataSource(), queue.name);
                Worker worker = Worker.builder(source)
                        .retry(RetryPolicy.immediate().maxAttempts(3))
                        .handler(claim -> {})
                        .build()) {
            queue.queue.enqueue(NewMessage.of(TWO_MEGABYTES));

            JobResult result = worker.runJob(JobOptions.messages(1).idleTimeout(Duration.ofSeconds(2)));

            assertThat(result.exitCode()).isEqualTo(JobResult.TRY_AGAIN);
        }
    }

    /** Each fits into what the process has, all together do not. */
    @Test
    void bodiesThatOnlyTogetherAreTooMuchForTheHeapAreHandedOutOneByOne() throws Exception {
        PostgresSource.migrate(database.dataSource());
        try (TestQueue queue = new TestQueue(database)) {
            for (int i = 0; i < 6; i++) {
                queue.queue.enqueue(NewMessage.of(new byte[8 << 20]));
            }
            try (ChildProcess worker =
                    ChildProcess.start(List.of("-Xmx64m"), SmallHeapWorker.class, database.url(), queue.name)) {
                await().atMost(Duration.ofMinutes(3)).until(() -> queue.states().isEmpty());
            }
            assertThat(reasons(queue.name)).isEmpty();
        }
    }

    @Test
    void aRowThatTheServerCannotGiveIsGivenUpWithoutItsBodyAndTheOthersAreHandedOut() {
        TestDatabase ascii = TestDatabase.encodedIn("SQL_ASCII");
        PostgresSource.migrate(ascii.dataSource());
        ascii.execute("CREATE TABLE job (id bigint PRIMARY KEY, payload text)");
        ascii.execute("INSERT INTO job VALUES (1, 'fine'), (2, E'\\xE4'), (3, 'fine')");
        PostgresConfig config =
                PostgresConfig.table("job").pending("true").orderBy("id").build();
        try (PostgresSource worker = PostgresSource.of(ascii.dataSource(), config)) {
            worker.open(TestQueue.plan(null), NoEvents.INSTANCE);
            List<String> handedOut = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                handedOut.addAll(claim(worker).stream().map(Claim::id).toList());
            }

            assertThat(handedOut).containsExactly("1", "3");
            assertThat(ascii.one("SELECT key || ' ' || reason FROM claimant.dead"))
                    .startsWith("2 cannot be read: ")
                    .contains("invalid byte sequence");
        }
    }

    @Test
    void whatAFailedCallHadClaimedIsHandedOutByTheNextWithoutBurningAnAttempt() {
        PostgresSource.migrate(database.dataSource());
        try (TestQueue queue = new TestQueue(database);
                PostgresSource worker = reading(queue, "1M", 3)) {
            for (int i = 0; i < 6; i++) {
                queue.queue.enqueue(NewMessage.of(new byte[400 << 10]));
            }
            List<Claim> claims = new ArrayList<>();
            for (int i = 0; i < 20 && claims.size() < 6; i++) {
                try {
                    claims.addAll(claim(worker));
                } catch (SourceException e) {
                    assertThat(e).hasMessageContaining("maxResultBuffer");
                }
            }

            assertThat(claims)
                    .hasSize(6)
                    .allSatisfy(claim -> assertThat(claim.attempt()).isOne());
            assertThat(claims).extracting(Claim::id).doesNotHaveDuplicates();
        }
    }

    private PostgresSource reading(TestQueue queue, String atMost, int maxAttempts) {
        PostgresSource source =
                PostgresSource.queue(database.readingAtMost(atMost).dataSource(), queue.name);
        assertThat(TestQueue.plan(null).maxAttempts()).isEqualTo(maxAttempts);
        source.open(TestQueue.plan(null), NoEvents.INSTANCE);
        return source;
    }

    /** As a table that was filled by hand before there were any. */
    private void migrateWithoutChecks() {
        PostgresSource.migrate(database.dataSource());
        database.execute("ALTER TABLE claimant.message DROP CONSTRAINT message_headers");
    }

    private void insert(TestQueue queue, String headers) {
        database.update(
                "INSERT INTO claimant.message (queue, body, headers) VALUES (?, 'x', " + headers + ")", queue.name);
    }

    private List<String> reasons(String queue) {
        return database.column("SELECT reason FROM claimant.dead WHERE queue = ?", queue);
    }
}
