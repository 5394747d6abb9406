package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.ChildProcess;
import dev.claimant.Worker;
import dev.claimant.postgres.DoomedWorker.Stop;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker's process is killed with SIGKILL at the worst moment; another one goes on. Every effect happens once. */
class KilledWorkerTest {

    private final TestQueue queue = new TestQueue();
    private final Effects effects = Effects.in(queue.database);

    @AfterEach
    void close() {
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Stop.class,
            names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
    void theEffectHappensOnceWhereTheHandlersTransactionCompletesTheMessage(Stop killed) throws Exception {
        queue.enqueue("a");

        try (ChildProcess doomed = ChildProcess.start(
                DoomedWorker.class, queue.database.url(), queue.name, effects.table(), killed.name())) {
            doomed.await(killed.name());
            doomed.kill();
        }
        queue.enqueue("b");
        queue.expireLocks();
        goOnUntilNothingIsLeft();

        assertThat(effects.all()).containsExactly("a", "b");
    }

    private void goOnUntilNothingIsLeft() {
        PostgresSource source = PostgresSource.queue(queue.database.dataSource(), queue.name);
        try (source;
                Worker worker = Worker.builder(source)
                        .handler(DoomedWorker.handler(queue.database.dataSource(), effects.table(), Stop.NEVER))
                        .build()) {
            worker.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> queue.states().isEmpty());
        }
    }
}
