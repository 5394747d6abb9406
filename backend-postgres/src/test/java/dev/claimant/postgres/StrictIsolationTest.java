package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.IdempotencyStore.Answer;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database whose transactions are isolated more strictly than PostgreSQL's own default: who comes at the same moment is refused there. */
class StrictIsolationTest {

    private static final int ROUNDS = 20;
    private static final int AT_ONCE = 8;

    private final TestDatabase database = TestDatabase.empty();
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    void ofManyThatComeAtOnceOneIsFirstAndTheOthersAreToldSo(String isolation) throws Exception {
        PostgresSource.migrate(database.dataSource());
        database.execute(
                "ALTER DATABASE " + database.name() + " SET default_transaction_isolation = '" + isolation + "'");
        PostgresQueue queue = new PostgresQueue(database.dataSource(), "q");
        PostgresIdempotencyStore store = new PostgresIdempotencyStore(database.dataSource(), "test");
        for (int round = 0; round < ROUNDS; round++) {
            String key = "key " + round;
            NewMessage message = NewMessage.of("a").idempotencyKey(key);

            assertThat(atOnce(i -> () -> queue.enqueueOnce(message))).containsOnlyOnce(true);
            assertThat(atOnce(i -> () -> store.begin(key, "message " + i, "holder " + i)))
                    .containsOnlyOnce(Answer.BEGUN);
        }
    }

    private <T> List<T> atOnce(IntFunction<Callable<T>> calls) throws Exception {
        List<Callable<T>> all = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            all.add(calls.apply(i));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : threads.invokeAll(all)) {
            answers.add(answer.get());
        }
        return answers;
    }
}
