package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement.Release;
import dev.claimant.contract.Wire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Whoever polls here does so once a minute: a message that is found at once was heard of. */
class WakeUpTest {

    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    @AutoClose
    private final TestQueue queue = new TestQueue();

    @Test
    void anIdleWorkerIsWokenForANewMessage() {
        PostgresSource worker = rarelyPolling(queue);
        CompletableFuture<List<Claim>> claims = claimLater(worker);
        awaitListener(queue);

        queue.enqueue("a");

        assertThat(TestQueue.texts(within(claims))).containsExactly("a");
    }

    @Test
    void allSourcesOfAProcessShareOneConnection() {
        TestDatabase alone = newDatabase();
        try (TestQueue first = new TestQueue(alone);
                TestQueue second = new TestQueue(alone)) {
            List<CompletableFuture<List<Claim>>> claims = List.of(
                    claimLater(rarelyPolling(first)),
                    claimLater(rarelyPolling(first)),
                    claimLater(rarelyPolling(second)));
            await().until(() -> listeners(alone) == 1 && first.connections() + second.connections() == 3 * 2 + 1);

            second.enqueue("for the second");

            assertThat(TestQueue.texts(within(claims.get(2)))).containsExactly("for the second");
            assertThat(claims.subList(0, 2)).noneMatch(CompletableFuture::isDone);
            assertThat(listeners(alone)).isOne();
        }
        await().until(() -> listeners(alone) == 0);
    }

    @Test
    void whenTheSourceLeavesWhoseConnectionItIsAnotherLendsOne() {
        TestDatabase alone = newDatabase();
        try (TestQueue leaving = new TestQueue(alone);
                TestQueue staying = new TestQueue(alone)) {
            PostgresSource lender = rarelyPolling(leaving);
            CompletableFuture<List<Claim>> none = claimLater(lender);
            awaitListener(leaving);
            CompletableFuture<List<Claim>> claims = claimLater(rarelyPolling(staying));

            lender.close();
            assertThat(within(none)).isEmpty();

            awaitListener(staying);
            assertThat(leaving.connections()).isZero();
            staying.enqueue("a");
            assertThat(within(claims)).hasSize(1);
        }
    }

    @Test
    void aListenerThatWasCutOffListensAgainAndItsWorkersLookOnce() {
        TestDatabase alone = newDatabase();
        try (TestQueue cut = new TestQueue(alone)) {
            CompletableFuture<List<Claim>> claims = claimLater(rarelyPolling(cut));
            awaitListener(cut);

            // Nobody notifies of it: only the look after the reconnection finds it.
            cut.database.update("INSERT INTO claimant.message (queue, body) VALUES (?, 'unheard')", cut.name);
            cut.database.column(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND application_name = ?",
                    cut.name);

            assertThat(TestQueue.texts(within(claims))).containsExactly("unheard");
        }
    }

    @Test
    void aConnectionThatFellSilentIsNoticedAndAnotherSourceLendsOne() {
        TestDatabase alone = newDatabase();
        try (TestQueue cut = new TestQueue(alone);
                Wire wire = alone.wire()) {
            PostgresConfig.Builder config = PostgresConfig.queue(cut.name)
                    .pollInterval(A_MINUTE)
                    .listenOn(alone.named("listener").through(wire).dataSource());
            CompletableFuture<List<Claim>> claims = claimLater(cut.worker(config));
            awaitListener(alone, "listener");
            try (TestQueue other = new TestQueue(alone)) {
                CompletableFuture<List<Claim>> none = claimLater(rarelyPolling(other));
                wire.cut();
                cut.enqueue("unheard");

                assertThat(within(claims)).hasSize(1);

                assertThat(none).isNotDone();
                awaitListener(other);
            }
        }
    }

    @Test
    void aReleasedMessageWakesAnotherWorker() {
        PostgresSource holder = queue.worker();
        queue.enqueue("a");
        Claim claim = TestQueue.claimOne(holder);
        CompletableFuture<List<Claim>> claims = claimLater(rarelyPolling(queue));
        awaitListener(queue);

        TestQueue.settle(holder, new Release(claim));

        assertThat(within(claims)).hasSize(1);
    }

    @Test
    void withoutWakeUpsThereIsNoListenerAndPollingFindsTheMessage() {
        PostgresConfig.Builder polling = PostgresConfig.queue(queue.name).wakeUp(false);
        CompletableFuture<List<Claim>> claims = claimLater(queue.worker(polling));
        await().during(Duration.ofMillis(600)).until(() -> queue.connections() == 2);

        queue.enqueue("a");

        assertThat(within(claims)).hasSize(1);
        assertThat(queue.connections()).isEqualTo(2);
    }

    @Test
    void aWorkerThatFindsWorkAtOnceOpensNoListener() {
        PostgresSource worker = rarelyPolling(queue);
        queue.enqueue("a");

        assertThat(within(claimLater(worker))).hasSize(1);

        assertThat(queue.connections()).isEqualTo(2);
    }

    @Test
    void whileTheOldestMessageWaitsNobodyIsNotified() {
        String putIn = "INSERT INTO claimant.message (queue, body, enqueued_at) VALUES (?, 'm', now() + interval '%s')";
        queue.database.update(putIn.formatted("-1 minute"), queue.name);
        assertThat(queue.database.column(EnqueueNotifier.notify(queue.name))).isEmpty();

        queue.database.update("DELETE FROM claimant.message WHERE queue = ?", queue.name);
        assertThat(queue.database.column(EnqueueNotifier.notify(queue.name))).hasSize(1);
        queue.database.update(putIn.formatted("1 minute"), queue.name);
        assertThat(queue.database.column(EnqueueNotifier.notify(queue.name))).hasSize(1);
    }

    private static PostgresSource rarelyPolling(TestQueue queue) {
        return queue.worker(PostgresConfig.queue(queue.name).pollInterval(A_MINUTE));
    }

    static CompletableFuture<List<Claim>> claimLater(PostgresSource source) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return source.claim(10, A_MINUTE);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                claim -> new Thread(claim).start()); // the common pool has one thread where there are two processors
    }

    static List<Claim> within(CompletableFuture<List<Claim>> claims) {
        await().atMost(AT_ONCE.multipliedBy(4)).until(claims::isDone);
        return claims.join();
    }

    private static void awaitListener(TestQueue queue) {
        awaitListener(queue.database, queue.name);
    }

    static void awaitListener(TestDatabase database, String application) {
        await().until(() -> database.number(
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND application_name = ?",
                        application)
                == 1);
    }

    static long listeners(TestDatabase database) {
        return database.number(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()");
    }

    static TestDatabase newDatabase() {
        TestDatabase database = TestDatabase.empty();
        PostgresSource.migrate(database.dataSource());
        return database;
    }
}
