package dev.claimant.postgres;

import static dev.claimant.IdempotencyStore.Answer.BEGUN;
import static dev.claimant.IdempotencyStore.Answer.BUSY;
import static dev.claimant.IdempotencyStore.Answer.DONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import dev.claimant.IdempotencyStore;
import dev.claimant.IdempotencyStore.Answer;
import dev.claimant.SourceException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdempotencyStoreTest {

    private final TestDatabase database = TestDatabase.shared();
    private final String scope = "test-" + UUID.randomUUID();
    private final PostgresIdempotencyStore store =
            new PostgresIdempotencyStore(Roles.worker().dataSource(), scope);

    @Test
    void aKeyIsNewThenBusyThenDone() {
        assertThat(store.begin("k", "m1", "h1")).isEqualTo(BEGUN);
        assertThat(store.begin("k", "m2", "h2")).isEqualTo(BUSY);
        store.complete("k", "h1");
        assertThat(store.begin("k", "m2", "h2")).isEqualTo(DONE);
        assertThat(store.begin("k", "m1", "h3")).isEqualTo(DONE);
    }

    @Test
    void anAbandonedKeyIsNewAgain() {
        store.begin("k", "m1", "h1");
        store.abandon("k", "h1");
        assertThat(store.begin("k", "m2", "h2")).isEqualTo(BEGUN);
    }

    @Test
    void theSameMessageTakesItsKeyFromItsEarlierClaimWhichThenChangesNothing() {
        store.begin("k", "m1", "h1");
        assertThat(store.begin("k", "m1", "h2")).isEqualTo(BEGUN);

        store.complete("k", "h1");
        store.abandon("k", "h1");

        assertThat(store.begin("k", "m2", "h3")).isEqualTo(BUSY);
    }

    @Test
    void whatIsDoneIsNotAbandonedNorCompletedAnew() {
        store.begin("k", "m1", "h1");
        store.complete("k", "h1");
        store.abandon("k", "h1");
        assertThat(store.begin("k", "m1", "h2")).isEqualTo(DONE);
    }

    @Test
    void scopesDoNotKnowEachOther() {
        store.begin("k", "m1", "h1");
        IdempotencyStore other = new PostgresIdempotencyStore(database.dataSource(), scope + "-other");
        assertThat(other.begin("k", "m2", "h2")).isEqualTo(BEGUN);
    }

    @Test
    void aKeyThatWasHeldTooLongIsFreeForAll() {
        store.holdFor(Duration.ofMinutes(1)).begin("k", "m1", "h1");
        pass(Duration.ofSeconds(50));
        assertThat(store.begin("k", "m2", "h2")).isEqualTo(BUSY);
        pass(Duration.ofSeconds(11));
        assertThat(store.begin("k", "m2", "h2")).isEqualTo(BEGUN);
        store.complete("k", "h1");
        assertThat(store.begin("k", "m3", "h3")).isEqualTo(BUSY);
    }

    @Test
    void whatTookTooLongIsDoneAllTheSameWhereNobodyElseBeganIt() throws Exception {
        store.holdFor(Duration.ofMinutes(1)).begin("k", "m1", "h1");
        pass(Duration.ofMinutes(2));
        new Housekeeping(database.dataSource(), "claimant.idempotency").run();

        store.complete("k", "h1");

        assertThat(store.begin("k", "m2", "h2")).isEqualTo(DONE);
    }

    @Test
    void whatIsDoneIsForgottenInTheEnd() {
        IdempotencyStore brief = store.rememberFor(Duration.ofHours(1));
        brief.begin("k", "m1", "h1");
        brief.complete("k", "h1");
        pass(Duration.ofMinutes(59));
        assertThat(brief.begin("k", "m1", "h2")).isEqualTo(DONE);
        pass(Duration.ofMinutes(2));
        assertThat(brief.begin("k", "m1", "h2")).isEqualTo(BEGUN);
    }

    @Test
    void housekeepingRemovesWhatHasEndedAThousandAtATimeAndNothingElse() throws Exception {
        database.update(
                "INSERT INTO claimant.idempotency SELECT ?, g::text, 'm', 'h', true, now() - interval '1 hour'"
                        + " FROM generate_series(1, 1500) g",
                scope);
        store.begin("in work", "m1", "h1");
        store.begin("done", "m2", "h2");
        store.complete("done", "h2");
        Housekeeping housekeeping = new Housekeeping(Roles.worker().dataSource(), "claimant.idempotency");

        assertThat(housekeeping.run()).isEqualTo(1000);
        housekeeping.run();

        assertThat(database.column("SELECT key FROM claimant.idempotency WHERE scope = ? ORDER BY key", scope))
                .containsExactly("done", "in work");
    }

    @Test
    void ofManyThatBeginAtOnceOneDoes() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (int round = 0; round < 20; round++) {
            String key = "race " + round;
            List<Future<Answer>> answers = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> store.begin(key, "m" + i, "h" + i)))
                    .toList();
            int begun = 0;
            for (Future<Answer> answer : answers) {
                begun += answer.get() == BEGUN ? 1 : 0;
            }
            assertThat(begun).isOne();
        }
        threads.shutdown();
    }

    @Test
    void wrongSettingsAreNamedAllAtOnce() {
        assertThatThrownBy(() -> new PostgresIdempotencyStore(database.dataSource(), " "))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("scope: ' '");
        assertThatThrownBy(() -> store.holdFor(Duration.ZERO)).hasMessageContaining("holdFor: PT0S");
        assertThatThrownBy(() -> store.rememberFor(Duration.ofDays(-1))).hasMessageContaining("rememberFor: PT-24H");
    }

    @Test
    void aDatabaseWithoutTheSchemaSaysSo() {
        IdempotencyStore lost =
                new PostgresIdempotencyStore(TestDatabase.empty().dataSource(), "x");
        assertThatThrownBy(() -> lost.begin("k", "m", "h"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("idempotency key k of x")
                .hasMessageContaining("claimant.idempotency");
    }

    private void pass(Duration time) {
        database.update(
                "UPDATE claimant.idempotency SET ends_at = ends_at - ? * interval '1 ms' WHERE scope = ?",
                time.toMillis(),
                scope);
    }
}
