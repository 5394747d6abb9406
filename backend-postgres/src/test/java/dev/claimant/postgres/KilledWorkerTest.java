package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.ChildProcess;
import dev.claimant.Handler;
import dev.claimant.Worker;
import dev.claimant.postgres.DoomedWorker.Stop;
import dev.claimant.postgres.DoomedWorker.Way;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker's process is killed with SIGKILL at the worst moment; another one goes on. Every effect happens once. */
class KilledWorkerTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final Effects effects = Effects.in(queue.database);

    @ParameterizedTest
    @CsvSource({
        "COMPLETE_IN, BEFORE_COMMIT",
        "COMPLETE_IN, AFTER_COMMIT",
        "STORE, BEFORE_COMMIT",
        "STORE, AFTER_COMMIT",
        "INBOX, BEFORE_COMMIT",
        "INBOX, AFTER_COMMIT",
    })
    void theEffectHappensOnceHoweverTheWorkerDies(Way way, Stop killed) throws Exception {
        queue.enqueue("a");

        try (ChildProcess doomed = ChildProcess.start(
                DoomedWorker.class, queue.database.url(), queue.name, effects.table(), way.name(), killed.name())) {
            doomed.await(killed.name());
            doomed.kill();
        }
        queue.enqueue("b");
        queue.expireLocks();
        goOnUntilNothingIsLeft(way);

        assertThat(effects.all()).containsExactly("a", "b");
        assertThat(queue.number("SELECT count(*) FROM claimant.dead WHERE queue = ?"))
                .isZero();
    }

    private void goOnUntilNothingIsLeft(Way way) {
        PostgresSource source = PostgresSource.queue(queue.database.dataSource(), queue.name);
        Handler handler = way.handler(queue.database.dataSource(), effects.table(), Stop.NEVER);
        try (source;
                Worker worker = Worker.builder(source).handler(handler).build()) {
            worker.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> queue.states().isEmpty());
        }
    }
}
