package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.SourceException;
import dev.claimant.contract.NoEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        ExecutorService workers = Executors.newFixedThreadPool(10);
        List<Future<?>> migrations = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            migrations.add(workers.submit(() -> PostgresSource.migrate(database.dataSource())));
        }
        for (Future<?> migration : migrations) {
            migration.get();
        }
        workers.shutdown();

        assertThat(database.column("SELECT version FROM claimant.schema_version"))
                .containsExactly("1");
        opens(database);
    }

    @Test
    void migratingTwiceChangesNothing() {
        TestDatabase database = TestDatabase.empty();
        PostgresSource.migrate(database.dataSource());
        String appliedAt = database.one("SELECT applied_at FROM claimant.schema_version");

        PostgresSource.migrate(database.dataSource());

        assertThat(database.one("SELECT applied_at FROM claimant.schema_version"))
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
