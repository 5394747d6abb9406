package dev.claimant.postgres;

import static dev.claimant.postgres.WakeUpTest.claimLater;
import static dev.claimant.postgres.WakeUpTest.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement.Release;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** The trigger that an application may put on its table. These workers poll once a minute: a row that is found at once was heard of. */
class WakeWorkersTriggerTest {

    /** Of its own: nobody else listens there. */
    private final TestDatabase database = WakeUpTest.newDatabase();

    @AutoClose
    private final TestTable table = new TestTable(database);

    @Test
    void anIdleWorkerIsWokenForANewRow() {
        trigger("\"" + table.name + "\"", "");
        CompletableFuture<List<Claim>> claims = claimLater(rarelyPolling());
        awaitListener();

        table.insert(7);

        assertThat(within(claims)).extracting(Claim::id).containsExactly("7");
    }

    @Test
    void anIdleWorkerIsWokenForAnotherTableThatItsConditionReads() {
        table.insert(7);
        table.status(7, "LATER");
        trigger("\"" + table.name + "\"", "");
        trigger("\"" + table.name + " state\"", "'\"" + table.name + "\"'");
        CompletableFuture<List<Claim>> claims = claimLater(rarelyPolling());
        awaitListener();

        table.status(7, "PENDING");

        assertThat(within(claims)).extracting(Claim::id).containsExactly("7");
    }

    @Test
    void aRowThatIsReleasedWakesAnotherWorker() {
        trigger("\"" + table.name + "\"", "");
        table.insert(7);
        PostgresSource first = rarelyPolling();
        Claim claim = TestQueue.claimOne(first);
        CompletableFuture<List<Claim>> claims = claimLater(rarelyPolling());
        awaitListener();

        TestQueue.settle(first, new Release(claim));

        assertThat(within(claims)).hasSize(1);
    }

    @Test
    void withoutATriggerOrWithADisabledOneATableIsPolled() {
        trigger("\"" + table.name + "\"", "");
        database.execute("ALTER TABLE \"" + table.name + "\" DISABLE TRIGGER wake_workers");
        CompletableFuture<List<Claim>> claims =
                claimLater(table.worker(table.config().pollInterval(Duration.ofMillis(10))));

        table.insert(7);

        assertThat(within(claims)).hasSize(1);
        assertThat(WakeUpTest.listeners(database)).isZero();
    }

    @Test
    void aPartitionNotifiesInTheNameOfItsTable() throws SQLException {
        database.execute("CREATE SCHEMA parted");
        database.execute("CREATE TABLE parted.orders (id bigint PRIMARY KEY) PARTITION BY RANGE (id)");
        database.execute("CREATE TABLE parted.some PARTITION OF parted.orders FOR VALUES FROM (1) TO (100)");
        database.execute("CREATE TRIGGER wake_workers AFTER INSERT ON parted.orders FOR EACH ROW"
                + " EXECUTE FUNCTION claimant.wake_workers()");
        try (Connection listening = database.connect();
                Statement listen = listening.createStatement()) {
            listen.execute("LISTEN claimant");

            database.execute("INSERT INTO parted.some VALUES (1), (2)");

            listen.execute("SELECT 1");
            assertThat(listening.unwrap(PGConnection.class).getNotifications())
                    .extracting(PGNotification::getParameter)
                    .contains("parted.orders");
        }
    }

    @Test
    void theApplicationsRoleNeedsNoRightOfOurs() {
        trigger("\"" + table.name + "\"", "");
        database.execute("""
                DO $$ BEGIN CREATE ROLE application LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN NULL; END $$""");
        database.execute("GRANT INSERT ON \"" + table.name + "\" TO application");

        database.as("application", "x").execute("INSERT INTO \"" + table.name + "\" VALUES (7, 3, 'x')");

        assertThat(TestQueue.claim(table.worker())).hasSize(1);
    }

    @Test
    void aTriggerThatNamesNoTableFailsNoStatementOfTheApplication() {
        trigger("\"" + table.name + "\"", "'nosuch'");

        table.insert(7);

        assertThat(TestQueue.claim(table.worker())).hasSize(1);
    }

    @Test
    void aTriggerThatWouldSwallowRowsIsRefused() {
        database.execute("CREATE TRIGGER wake_workers BEFORE INSERT ON \"" + table.name
                + "\" FOR EACH ROW EXECUTE FUNCTION claimant.wake_workers()");

        assertThatThrownBy(() -> table.insert(7)).hasStackTraceContaining("is to be AFTER, not BEFORE");
    }

    private void trigger(String onTable, String argument) {
        database.execute("CREATE TRIGGER wake_workers AFTER INSERT OR UPDATE ON " + onTable
                + " FOR EACH STATEMENT EXECUTE FUNCTION claimant.wake_workers(" + argument + ")");
    }

    private PostgresSource rarelyPolling() {
        return table.worker(table.config().pollInterval(Duration.ofMinutes(1)));
    }

    private void awaitListener() {
        await().until(() -> WakeUpTest.listeners(database) == 1);
    }
}
