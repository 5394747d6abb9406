package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.contract.NoEvents;
import org.junit.jupiter.api.Test;

/** Rows that are claimed must not make those that wait dearer to find, whatever the statistics say. */
class WorkTablePlanTest {

    @Test
    void aClaimLooksUpEachKeyAndACountComparesTwoSets() {
        TestDatabase database = TestDatabase.empty();
        PostgresSource.migrate(database.dataSource());
        database.execute("CREATE TABLE job (id bigint PRIMARY KEY, status text)");
        database.execute("INSERT INTO job SELECT i, 'NEW' FROM generate_series(1, 20000) i");
        database.execute(
                "INSERT INTO claimant.message (queue, body) SELECT 'other', 'x' FROM generate_series(1, 20000)");
        // From now on the planner believes that no row of the table is claimed.
        database.execute("ANALYZE");
        PostgresConfig config =
                PostgresConfig.table("job").pending("t.status = 'NEW'").build();
        try (PostgresSource source = PostgresSource.of(database.dataSource(), config)) {
            source.open(TestQueue.plan(null), NoEvents.INSTANCE);
            assertThat(TestQueue.claim(source, 1000)).hasSize(1000);

            WorkTable table = WorkTable.of(config, "public", "job", "bigint", false);
            assertThat(plan(database, table.freshAmong(1000, "NULL")))
                    .contains("message_key")
                    .doesNotContain("Join");
            assertThat(plan(database, table.fresh(1000))).contains("Aggregate").doesNotContain("Join", "Nested Loop");
        }
    }

    private static String plan(TestDatabase database, String query) {
        return String.join("\n", database.column("EXPLAIN " + query));
    }
}
