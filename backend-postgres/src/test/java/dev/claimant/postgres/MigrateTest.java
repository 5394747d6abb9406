package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.SourceException;
import dev.claimant.contract.NoEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MigrateTest {

    @Test
    void tenWorkersMayMigrateAtOnce() throws Exception {
        tenMigrate(TestDatabase.empty());
    }

    @Test
    void tenWorkersMayMigrateAtOnceWhereTransactionsAreIsolatedMoreStrictly() throws Exception {
        TestDatabase database = TestDatabase.empty();
        database.execute(
                "ALTER DATABASE " + database.name() + " SET default_transaction_isolation = 'repeatable read'");
        tenMigrate(database);
    }

    private static void tenMigrate(TestDatabase database) throws Exception {
        atOnce(Collections.nCopies(10, () -> PostgresSource.migrate(database.dataSource())));

        assertThat(database.column("SELECT version FROM claimant.schema_history ORDER BY version"))
                .isEqualTo(IntStream.rangeClosed(1, Migrations.NEEDED)
                        .mapToObj(Integer::toString)
                        .toList());
        opens(database);
    }

    @Test
    void rolesAreMadeAndSchemasMigratedByManyAtOnceInSeveralDatabases() throws Exception {
        List<TestDatabase> databases = List.of(TestDatabase.empty(), TestDatabase.empty(), TestDatabase.empty());
        databases.forEach(database -> PostgresSource.migrate(database.dataSource()));
        List<Runnable> all = new ArrayList<>();
        for (TestDatabase database : databases) {
            all.addAll(Collections.nCopies(4, () -> database.execute(PostgresSource.rolesSql())));
            all.add(() -> PostgresSource.migrate(database.dataSource()));
        }

        atOnce(all);
    }

    private static void atOnce(List<Runnable> all) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        List<Future<?>> running = new ArrayList<>();
        all.forEach(each -> running.add(threads.submit(each)));
        for (Future<?> each : running) {
            each.get();
        }
        threads.shutdown();
    }

    @Test
    void aSchemaOfVersion1AndItsMessagesServeBothLibraries() throws Exception {
        TestDatabase released = TestDatabase.empty();
        released.execute(Released.script("schema-1.sql"));

        PostgresSource.migrate(released.dataSource());

        assertThat(released.column(
                        "SELECT version || ' serves ' || serves FROM claimant.schema_history ORDER BY version"))
                .containsExactly("1 serves 1", "2 serves 1");
        assertThat(released.one("SELECT coalesce(max(version), 0) FROM claimant.schema_version"))
                .as("what a library of version 1 reads, which refuses any other number")
                .isEqualTo("1");
        try (PostgresSource worker = PostgresSource.queue(released.dataSource(), "q")) {
            worker.open(TestQueue.plan(null), NoEvents.INSTANCE);
            assertThat(TestQueue.texts(worker.claim(10, Duration.ZERO))).containsExactly("ready", "waiting", "expired");
            assertThat(released.number(worker.scalingQuery())).isEqualTo(5);
            assertThat(new DeadLetters(released.dataSource(), "q").redriveAll()).isOne();
        }
    }

    @Test
    void withNothingToDoAWorkersRightsSuffice() {
        PostgresSource.migrate(Roles.worker().dataSource());
        Roles.worker().execute(PostgresSource.migrationSql());
    }

    @Test
    void rolesThatWereThereBeforeGetTheirRightsToWhatAVersionAdds() {
        TestDatabase released = TestDatabase.empty();
        released.execute(Released.script("schema-1.sql"));
        Roles.scaler();

        PostgresSource.migrate(released.dataSource());

        assertThat(released.as("claimant_scaler", "scaler").number("SELECT claimant.scaler('q')"))
                .isEqualTo(5);
    }

    @Test
    void migratingTwiceChangesNothing() {
        TestDatabase database = TestDatabase.empty();
        PostgresSource.migrate(database.dataSource());
        String appliedAt = database.one("SELECT max(applied_at) FROM claimant.schema_history");

        PostgresSource.migrate(database.dataSource());

        assertThat(database.one("SELECT max(applied_at) FROM claimant.schema_history"))
                .isEqualTo(appliedAt);
    }

    @Test
    void thePrintedScriptDoesTheSameHoweverOftenItIsRun() {
        TestDatabase database = TestDatabase.empty();

        database.execute(PostgresSource.migrationSql());
        database.execute(PostgresSource.migrationSql());

        opens(database);
        PostgresSource.migrate(database.dataSource());
    }

    @Test
    void vacuumIsDueAfterAsManyChangesHoweverLongTheBacklog() {
        TestDatabase database = TestDatabase.empty();
        PostgresSource.migrate(database.dataSource());

        assertThat(
                        database.one(
                                "SELECT array_to_string(reloptions, ' ') FROM pg_class WHERE oid = 'claimant.message'::regclass"))
                .contains("autovacuum_vacuum_scale_factor=0.01", "autovacuum_vacuum_cost_limit=2000");
    }

    @Test
    void whoeverMayNotCreateASchemaIsToldSo() {
        TestDatabase database = TestDatabase.empty();
        Roles.worker();

        assertThatThrownBy(() -> PostgresSource.migrate(
                        database.as("claimant_worker", "worker").dataSource()))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("permission denied for database");
    }

    private static void opens(TestDatabase database) {
        try (PostgresSource source = PostgresSource.queue(database.dataSource(), "q")) {
            source.open(TestQueue.plan(null), NoEvents.INSTANCE);
            assertThat(source.backlog().scaler()).isZero();
        }
    }
}
