package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server that commits before the disk has it, and dies: it has forgotten what it said last, and draws the same numbers again. So does a
 * standby that lagged behind and is promoted.
 */
class ForgetfulServerTest {

    @AutoClose
    private final OwnServer server =
            OwnServer.started(Map.of("autovacuum", "off", "synchronous_commit", "off", "bgwriter_lru_maxpages", "0"));

    private final PostgresQueue queue = new PostgresQueue(server.dataSource(), "q");
    private final PostgresSource worker = source();
    private final PostgresSource other = source();

    @BeforeEach
    void open() {
        PostgresSource.migrate(server.dataSource());
        worker.open(TestQueue.plan(null), NoEvents.INSTANCE);
        other.open(TestQueue.plan(null), NoEvents.INSTANCE);
    }

    @AfterEach
    void close() {
        worker.close();
        other.close();
    }

    @Test
    void aClaimThatItForgotEndsNobodyElsesWithTheSameNumber() throws Exception {
        queue.enqueue("a");
        remember();
        PostgresClaim forgotten = (PostgresClaim) claimOne(worker);

        forget();

        PostgresClaim current = (PostgresClaim) claimOne(other);
        assertThat(current.fence()).as("the number is drawn again").isEqualTo(forgotten.fence());
        assertThat(known(() -> renew(worker, forgotten))).isEqualTo(Verdict.LOST);
        assertThat(known(() -> settle(worker, new Complete(forgotten)))).isEqualTo(Verdict.LOST);
        assertThat(known(() -> settle(other, new Complete(current)))).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void aMessageThatIsGivenAForgottenOnesIdHasAnotherIdempotencyKey() throws Exception {
        remember();
        String id = queue.enqueue("forgotten");
        Claim forgotten = claimOne(worker);

        forget();

        assertThat(queue.enqueue("new")).as("the id is drawn again").isEqualTo(id);
        assertThat(claimOne(other).message().idempotencyKey())
                .isNotEqualTo(forgotten.message().idempotencyKey());
    }

    private PostgresSource source() {
        return PostgresSource.of(
                server.dataSource(), PostgresConfig.queue("q").wakeUp(false).build());
    }

    /** All that was until now is on disk; nothing goes there from now on but by a commit that waits for it. */
    private void remember() throws Exception {
        worker.backlog();
        other.backlog();
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        }
        new ProcessBuilder("kill", "-STOP", Long.toString(walWriter())).start().waitFor();
    }

    /** The server starts itself again. The connections by which workers claim are gone; each notices with its first call. */
    private void forget() {
        ProcessHandle.of(walWriter()).orElseThrow().destroyForcibly();
        for (PostgresSource source : List.of(worker, other)) {
            await().until(() -> !isAnswered(source));
            await().until(() -> isAnswered(source));
        }
    }

    /** A settlement has a connection of its own, which notices with the first call that it is gone: unknown, and asked again. */
    private static Verdict known(Callable<Verdict> call) {
        return await().until(call, verdict -> verdict != Verdict.UNKNOWN);
    }

    private static boolean isAnswered(PostgresSource source) {
        try {
            return source.backlog().scaler() >= 0;
        } catch (SourceException e) {
            return false;
        }
    }

    private long walWriter() {
        return server.number("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'");
    }
}
