package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static dev.claimant.postgres.TestQueue.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.RetryPolicy;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Worker;
import dev.claimant.contract.NoEvents;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Plan;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contract suite does not ask of order: transactions that commit late, crowds, cost. */
class OrderTest {

    private final TestQueue queue = new TestQueue();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable source : opened) {
            source.close();
        }
        queue.close();
    }

    @Test
    void aMessageThatCommitsLateWaitsForTheLaterOneThatIsWorkedOnAlready() throws Exception {
        PostgresSource worker = ordered();
        PostgresSource other = ordered();
        try (Connection late = queue.database.connect()) {
            late.setAutoCommit(false);
            queue.queue.enqueue(late, keyed("k", "late"));
            queue.queue.enqueue(keyed("k", "early"));
            Claim early = claimOne(worker);
            assertThat(early.text()).isEqualTo("early");
            late.commit();

            assertThat(claim(other)).isEmpty();
            assertThat(claim(worker)).isEmpty();

            settle(worker, new Complete(early));
            assertThat(texts(claim(other))).containsExactly("late");
        }
    }

    @Test
    void andIsNotHeldBackByItForEverWhenThatOnesLockEnds() throws Exception {
        PostgresSource worker = ordered();
        try (Connection late = queue.database.connect()) {
            late.setAutoCommit(false);
            queue.queue.enqueue(late, keyed("k", "late"));
            queue.queue.enqueue(keyed("k", "early"));
            claimOne(worker);
            late.commit();
        }
        queue.expireLocks();

        PostgresSource next = ordered();
        Claim first = claimOne(next);
        assertThat(first.text()).isEqualTo("late");
        settle(next, new Complete(first));
        assertThat(texts(claim(next))).containsExactly("early");
    }

    @Test
    void aMessageThatItsHandlersOpenTransactionHasCompletedHoldsBackItsSuccessors() throws Exception {
        PostgresSource worker = ordered();
        queue.queue.enqueue(List.of(keyed("k", "first"), keyed("k", "second")));
        PostgresClaim first = (PostgresClaim) claimOne(worker);
        try (Connection handler = queue.database.connect()) {
            handler.setAutoCommit(false);
            first.completeIn(handler);
            assertThat(claim(worker)).isEmpty();
            handler.commit();
        }
        assertThat(texts(claim(worker))).containsExactly("second");
    }

    @Test
    void aMessagePutInWithADelayHoldsBackItsSuccessorsToo() {
        PostgresSource worker = ordered();
        queue.queue.enqueue(keyed("k", "first").delay(Duration.ofHours(1)));
        queue.queue.enqueue(List.of(keyed("k", "second"), NewMessage.of("no key")));

        assertThat(texts(claim(worker))).containsExactly("no key");
        queue.makeDue();
        assertThat(texts(claim(worker))).containsExactly("first");
    }

    @Test
    void thousandsThatMustWaitKeepNobodyElseWaitingForLong() {
        PostgresSource worker = ordered();
        queue.queue.enqueue(
                IntStream.range(0, 5000).mapToObj(i -> keyed("hot", "hot " + i)).toList());
        queue.queue.enqueue(keyed("cold", "cold"));
        Claim first = claimOne(worker);
        assertThat(first.text()).isEqualTo("hot 0");

        List<String> came = new ArrayList<>();
        int looks = 0;
        for (; came.isEmpty() && looks < 10; looks++) {
            came.addAll(texts(claim(worker)));
        }
        assertThat(came).containsExactly("cold");
        assertThat(looks).isLessThanOrEqualTo(6);

        settle(worker, new Complete(first));
        assertThat(texts(claim(worker))).containsExactly("hot 1");
    }

    @Test
    void aClaimReadsLittleHoweverManyMustWait() {
        PostgresSource worker = ordered();
        queue.queue.enqueue(
                IntStream.range(0, 5000).mapToObj(i -> keyed("hot", "hot " + i)).toList());
        claimOne(worker);
        Explained explained = explainedClaim("an ordered claim with 4,999 blocked");

        assertThat(explained.plan()).noneMatch(line -> line.contains("Seq Scan on message"));
        assertThat(explained.read()).as(String.join("\n", explained.plan())).isLessThan(3 * SearchBehindFront.SIZE);
    }

    @Test
    void aClaimReadsNoMoreHoweverManyOfABusyKeyAreGoneWhileASnapshotIsHeld() throws Exception {
        PostgresSource worker = ordered();
        try (Connection other = queue.database.connect();
                Statement statement = other.createStatement();
                SharedConnection connection = MarkUpkeepTest.connection(queue.database)) {
            other.setAutoCommit(false);
            other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("SELECT 1 FROM claimant.message LIMIT 1");
            queue.database.update(
                    "INSERT INTO claimant.message (queue, body, ordering_key) SELECT ?, 'x', 'hot' FROM generate_series(1, 20000)",
                    queue.name);
            // Worked off, one after the other.
            queue.database.update(
                    "UPDATE claimant.message SET state = 'working', locked_until = now(), position = nextval('claimant.position')"
                            + " WHERE queue = ?",
                    queue.name);
            queue.database.update("DELETE FROM claimant.message WHERE queue = ?", queue.name);
            queue.database.update(
                    "INSERT INTO claimant.message (queue, body, ordering_key) SELECT ?, 'x', 'hot' FROM generate_series(1, 1500)",
                    queue.name);
            MarkUpkeep marks = new MarkUpkeep(connection, queue.name);
            for (int i = 0; i < 2; i++) {
                marks.move(System.nanoTime() + TestQueue.WITHIN.toNanos());
            }
            claimOne(worker);

            Explained explained = explainedClaim("an ordered claim with 20,000 gone under a held snapshot");

            assertThat(explained.read()).as(String.join("\n", explained.plan())).isLessThan(4 * SearchBehindFront.SIZE);
        }
    }

    @Test
    void ofManyThatAreWorkedOnEachIsReadOnce() {
        queue.database.update(
                "INSERT INTO claimant.message (queue, body, ordering_key, state, locked_until, holder)"
                        + " SELECT ?, 'x', 'k' || g, 'working', now() + interval '1 hour', 'h' FROM generate_series(1, 3000) g",
                queue.name);
        queue.database.update(
                "INSERT INTO claimant.message (queue, body, ordering_key) SELECT ?, 'x', 'k' || g FROM generate_series(1, 2000) g",
                queue.name);

        Explained explained = explainedClaim("an ordered claim with 1,000 of 3,000 busy keys before it");

        assertThat(explained.read()).isLessThan(7 * SearchBehindFront.SIZE);
        assertThat(explained.plan())
                .as(String.join("\n", explained.plan()))
                .anyMatch(line -> line.contains("hashed SubPlan"));
    }

    private Explained explainedClaim(String what) {
        Claimer claimer = new Claimer(queue.name, null, "some-holder", Duration.ofSeconds(30));
        return Explained.of(queue.database, OrderedStatements.of(claimer).claim(), "10", "1")
                .print(what);
    }

    @Test
    void othersBehindTensOfThousandsOfABusyKeyAreFoundByTheNextLook() {
        queue.database.update(
                "INSERT INTO claimant.message (queue, body, ordering_key) SELECT ?, 'hot', 'hot' FROM generate_series(1, 50000)",
                queue.name);
        queue.queue.enqueue(keyed("cold", "cold"));
        PostgresSource worker = ordered();
        assertThat(texts(claim(worker, 1))).containsExactly("hot");

        assertThat(texts(claim(worker))).containsExactly("cold");

        queue.queue.enqueue(keyed("later", "later"));
        assertThat(texts(claim(worker))).containsExactly("later");
    }

    @Test
    void whatIsRedrivenComesAfterThoseOfItsKeyThatAreReadyAndHoldsUpNone() {
        PostgresSource worker = ordered();
        queue.queue.enqueue(List.of(keyed("k", "first"), keyed("k", "second"), keyed("k", "third")));
        settle(worker, new DeadLetter(claimOne(worker), "no", null));
        Claim second = claimOne(worker);
        new DeadLetters(queue.database.dataSource(), queue.name).redriveAll();
        settle(worker, new Retry(second, Duration.ZERO, "later"));

        List<String> came = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Claim next = claimOne(worker);
            came.add(next.text());
            settle(worker, new Complete(next));
        }
        assertThat(came).containsExactly("second", "third", "first");
    }

    @Test
    void ofACrowdOfWorkersNoTwoWorkOnOneKeyAtOnceAndEachKeyIsWorkedOffInOrder() {
        int keys = 10;
        int each = 20;
        for (int i = 0; i < each; i++) {
            for (int key = 0; key < keys; key++) {
                queue.queue.enqueue(keyed("key " + key, Integer.toString(i)));
            }
        }
        Map<String, List<Integer>> done = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        List<String> overlaps = new CopyOnWriteArrayList<>();
        List<Worker> workers = IntStream.range(0, 4)
                .mapToObj(i -> worker(claim -> {
                    String key = String.valueOf(claim.message().orderingKey());
                    AtomicInteger now = running.computeIfAbsent(key, k -> new AtomicInteger());
                    if (now.incrementAndGet() > 1) {
                        overlaps.add(claim.toString());
                    }
                    if (claim.attempt() == 1 && claim.text().equals("7")) {
                        now.decrementAndGet();
                        throw new IllegalStateException("comes back, and its successors wait");
                    }
                    done.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>()).add(Integer.valueOf(claim.text()));
                    now.decrementAndGet();
                }))
                .toList();
        workers.forEach(Worker::start);
        await().atMost(Duration.ofSeconds(60)).until(() -> queue.states().isEmpty());
        workers.forEach(Worker::close);

        assertThat(overlaps).isEmpty();
        List<Integer> inOrder = IntStream.range(0, each).boxed().toList();
        assertThat(done)
                .hasSize(keys)
                .allSatisfy((key, numbers) -> assertThat(numbers).as(key).containsExactlyElementsOf(inOrder));
    }

    @Test
    void theNextOfAKeyIsClaimedAsSoonAsTheLastIsSettledNotAtTheNextPoll() {
        queue.queue.enqueue(
                IntStream.range(0, 50).mapToObj(i -> keyed("k", "m" + i)).toList());
        Worker worker = worker(claim -> {}, PostgresConfig.queue(queue.name).pollInterval(Duration.ofMinutes(1)));
        worker.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> queue.states().isEmpty());
        worker.close();
    }

    @Test
    void aRetryThatIsDueComesBeforeItsSuccessorsOnWhateverWorker() {
        PostgresSource worker = ordered();
        queue.queue.enqueue(List.of(keyed("k", "first"), keyed("k", "second")));
        settle(worker, new Retry(claimOne(worker), Duration.ofMinutes(1), "x"));
        assertThat(claim(ordered())).isEmpty();
        queue.makeDue();

        assertThat(texts(claim(ordered()))).containsExactly("first");
    }

    @Test
    void aWorkerThatKeepsNoOrderIsNotHeldBackAndATableKeepsNone() {
        queue.queue.enqueue(List.of(keyed("k", "first"), keyed("k", "second")));
        assertThat(texts(claim(queue.worker()))).containsExactly("first", "second");
        try (TestTable table = new TestTable();
                PostgresSource source = PostgresSource.of(
                        table.database.dataSource(), table.config().build())) {
            assertThat(source.open(TestQueue.plan(null), NoEvents.INSTANCE).ordering())
                    .isEqualTo(Ordering.NONE);
        }
    }

    private static NewMessage keyed(String key, String text) {
        return NewMessage.of(text).orderingKey(key);
    }

    private PostgresSource ordered() {
        PostgresSource source = PostgresSource.queue(queue.database.dataSource(), queue.name);
        opened.add(source);
        Plan plan = new Plan("test-worker", 4, 16, 3, null, null, TestQueue.RESERVATION, true, false);
        assertThat(source.open(plan, NoEvents.INSTANCE).ordering()).isEqualTo(Ordering.ACROSS_WORKERS);
        return source;
    }

    private Worker worker(Handler handler) {
        return worker(handler, PostgresConfig.queue(queue.name));
    }

    private Worker worker(Handler handler, PostgresConfig.Builder config) {
        PostgresSource source = PostgresSource.of(queue.database.dataSource(), config.build());
        opened.add(source);
        return Worker.builder(source)
                .slots(4)
                .ordered()
                .retry(RetryPolicy.immediate())
                .handler(handler)
                .build();
    }
}
