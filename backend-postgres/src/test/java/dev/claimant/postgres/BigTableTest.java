package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.Complete;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A table of an application with many rows, almost all of them done with. */
class BigTableTest {

    private static final int ROWS = 200_000;

    @AutoClose
    private static final TestTable TABLE = new TestTable();

    @BeforeAll
    static void fill() {
        TABLE.database.execute("ALTER TABLE \"" + TABLE.name + "\" ADD status text");
        TABLE.database.update(
                "INSERT INTO \"" + TABLE.name
                        + "\" SELECT g, 1, repeat('x', 40), 'SUCCESS' FROM generate_series(1, ?) g",
                ROWS);
        TABLE.database.execute("UPDATE \"" + TABLE.name + "\" SET status = 'PENDING' WHERE id % 1000 = 0");
    }

    private static PostgresConfig.Builder config() {
        return PostgresConfig.table(TABLE.name).body("id").pending("t.status = 'PENDING'");
    }

    @Test
    void withoutAnIndexForTheConditionOpeningWarnsAndWithOneItDoesNot() {
        TABLE.database.execute("DROP INDEX IF EXISTS by_status");
        assertThat(heardWhileOpening())
                .contains("a claim from " + TABLE.name + " may read all of \"" + TABLE.name + "\" (")
                .contains("no index serves the condition t.status = 'PENDING'; CREATE INDEX CONCURRENTLY ON \""
                        + TABLE.name + "\" (\"id\") WHERE status = 'PENDING'");

        TABLE.database.execute("CREATE INDEX by_status ON \"" + TABLE.name + "\" (status)");
        assertThat(heardWhileOpening()).isEmpty();

        TABLE.database.execute("DROP INDEX by_status");
        TABLE.database.execute("CREATE INDEX by_status ON \"" + TABLE.name + "\" (id) WHERE status = 'PENDING'");
        assertThat(heardWhileOpening()).isEmpty();
    }

    @Test
    void aClaimAndTheScalingQueryFindTheFewRowsThatArePending() {
        PostgresSource worker = TABLE.worker(config());
        assertThat(worker.backlog().scaler()).isEqualTo(ROWS / 1000);

        claim(worker, 50).forEach(claim -> settle(worker, new Complete(claim)));

        assertThat(worker.backlog().scaler()).isEqualTo(ROWS / 1000 - 50);
        assertThat(claim(worker, 1000)).hasSize(ROWS / 1000 - 50);
    }

    private static String heardWhileOpening() {
        PrintStream err = System.err;
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        System.setErr(new PrintStream(heard, true, StandardCharsets.UTF_8));
        try {
            TABLE.worker(config());
        } finally {
            System.setErr(err);
        }
        return heard.toString(StandardCharsets.UTF_8);
    }
}
