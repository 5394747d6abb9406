package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Batch;
import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.PermanentFailure;
import dev.claimant.RetryPolicy;
import dev.claimant.Worker;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches of messages from PostgreSQL: one transaction for the effects and the completions of all of them. */
class BatchTest {

    private static final int MESSAGES = 200;
    private static final int SIZE = 20;
    private static final Duration WAIT = Duration.ofMillis(100);

    private final TestQueue queue = new TestQueue();
    private final Effects effects = Effects.in(queue.database);
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void aBatchThatFailsWithinItsTransactionIsDoneOnceByTheNextTryAndAWrongMessageEndsAlone() {
        List<String> bodies =
                IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).sorted().toList();
        queue.queue.enqueue(bodies.stream().map(NewMessage::of).toList());
        queue.enqueue("wrong");
        AtomicBoolean first = new AtomicBoolean(true);

        work(Handler.batching(SIZE, WAIT, batch -> inOneTransaction(batch, first.getAndSet(false))));

        assertThat(effects.all()).isEqualTo(bodies);
        assertThat(queue.database.column("SELECT reason FROM claimant.dead WHERE queue = ?", queue.name))
                .containsExactly("a wrong message");
        assertThat(sizes).allMatch(size -> size <= SIZE).anyMatch(size -> size > 1);
    }

    @Test
    void handlersOfManyBatchesNeverHaveOneMessageTwice() {
        Set<String> handled = ConcurrentHashMap.newKeySet();
        List<String> twice = new CopyOnWriteArrayList<>();
        queue.queue.enqueue(IntStream.range(0, MESSAGES)
                .mapToObj(i -> NewMessage.of("m" + i))
                .toList());

        work(Handler.batching(
                7,
                WAIT,
                batch -> batch.claims().forEach(claim -> {
                    if (!handled.add(claim.text())) {
                        twice.add(claim.text());
                    }
                })));

        assertThat(twice).isEmpty();
        assertThat(handled).hasSize(MESSAGES);
    }

    private void inOneTransaction(Batch batch, boolean fails) throws SQLException {
        sizes.add(batch.claims().size());
        List<Claim> right = new ArrayList<>(batch.claims());
        right.removeIf(claim -> claim.text().equals("wrong"));
        for (Claim claim : batch.claims()) {
            if (!right.contains(claim)) {
                batch.fail(claim, new PermanentFailure("a wrong message"));
            }
        }
        try (Connection connection = queue.database.connect()) {
            connection.setAutoCommit(false);
            for (Claim claim : right) {
                effects.write(connection, claim);
                ((PostgresClaim) claim).completeIn(connection);
            }
            if (fails) {
                throw new SQLException("before the commit");
            }
            connection.commit();
        }
    }

    private void work(Handler handler) {
        Worker worker = Worker.builder(PostgresSource.queue(queue.database.dataSource(), queue.name))
                .retry(RetryPolicy.immediate())
                .handler(handler)
                .build();
        try (worker) {
            worker.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> queue.states().isEmpty());
        }
    }
}
