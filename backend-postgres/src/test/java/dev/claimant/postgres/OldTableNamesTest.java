package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.SourceException;
import dev.claimant.contract.NoEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables whose rows workers of version 1 know by other names than newer ones: no row is ever worked by both. */
class OldTableNamesTest {

    private final TestDatabase database = TestDatabase.empty();

    OldTableNamesTest() {
        database.execute(Released.script("schema-1.sql"));
        database.execute("CREATE TABLE job (id bigint PRIMARY KEY); INSERT INTO job VALUES (1), (2)");
        database.execute(
                "CREATE TABLE tick (id timestamptz PRIMARY KEY); INSERT INTO tick VALUES ('2026-03-01 10:00:00.5+00')");
    }

    @ParameterizedTest
    @CsvSource({"public.job, job, Asia/Tokyo", "tick, tick, Asia/Tokyo", "tick, tick, UTC", "job, job, UTC"})
    void aRowThatAnOldWorkerHasGivenUpStaysGivenUp(String spelled, String table, String zone) {
        oldClaim(spelled, table, zone);
        database.execute("UPDATE claimant.message SET state = 'dead', locked_until = NULL WHERE key IS NOT NULL");

        PostgresSource.migrate(database.dataSource());

        try (PostgresSource worker = worker(table)) {
            assertThat(claim(worker)).hasSize(table.equals("job") ? 1 : 0);
        }
    }

    @Test
    void whatIsInWorkUnderAnotherNameIsNotMigrated() {
        oldClaim("public.job", "job", "UTC");

        assertThatThrownBy(() -> PostgresSource.migrate(database.dataSource()))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("have rows of public.job in work");

        TestQueue.expireLocks(database, "public.job");
        PostgresSource.migrate(database.dataSource());
        try (PostgresSource worker = worker("public.job")) {
            assertThat(claim(worker))
                    .hasSize(2)
                    .anySatisfy(claim -> assertThat(claim.attempt()).isEqualTo(2));
        }
    }

    @ParameterizedTest
    @CsvSource({"public.job, job, UTC", "tick, tick, Asia/Tokyo"})
    void anOldWorkerDoesNotClaimUnderAnotherNameBesideNewOnes(String spelled, String table, String zone) {
        PostgresSource.migrate(database.dataSource());
        try (PostgresSource worker = worker(table)) {
            claimOne(worker);

            assertThatThrownBy(() -> oldClaim(spelled, table, zone))
                    .hasStackTraceContaining("it would be worked twice; update");
        }
    }

    @ParameterizedTest
    @CsvSource({"job, Asia/Tokyo", "tick, UTC"})
    void anOldWorkerThatUsesTheSameNamesGoesOnBesideNewOnes(String table, String zone) {
        PostgresSource.migrate(database.dataSource());
        oldClaim(table, table, zone);

        try (PostgresSource worker = worker(table)) {
            assertThat(claim(worker)).hasSize(table.equals("job") ? 1 : 0);
        }
        oldClaim(table, table, zone);
        assertThat(database.number("SELECT count(*) FROM claimant.message WHERE queue = ?", table))
                .isEqualTo(table.equals("job") ? 2 : 1);
    }

    /** What a worker of version 1 inserts for the first row of a table. */
    private void oldClaim(String spelled, String table, String zone) {
        database.execute("SET timezone = '" + zone + "';"
                + " INSERT INTO claimant.message (queue, key, state, fence, locked_until, holder, owner, attempt, delivery)"
                + " SELECT '" + spelled
                + "', t.id::text, 'working', nextval('claimant.position'), now() + interval '1 minute',"
                + " 'old', NULL, 1, 1 FROM (SELECT id FROM " + table
                + " ORDER BY id LIMIT 1) t ON CONFLICT DO NOTHING");
    }

    private PostgresSource worker(String table) {
        PostgresSource worker = PostgresSource.of(
                database.dataSource(),
                PostgresConfig.table(table).pending("true").build());
        worker.open(TestQueue.plan(null), NoEvents.INSTANCE);
        return worker;
    }
}
