package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Message;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** What other programs call, with no right on any table. */
class FunctionsTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private final PostgresSource worker = queue.worker();
    private TestDatabase other = queue.database;

    @BeforeEach
    void roleThatMayOnlyCallFunctions() {
        queue.database.execute("""
                DO $$ BEGIN CREATE ROLE caller LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                GRANT USAGE ON SCHEMA claimant TO caller;
                GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA claimant TO caller""");
        other = queue.database.as("caller", "x");
    }

    @Test
    void aMessageOfAnotherProgramIsClaimedWithAllThatItWasGiven() {
        String id = other.one(
                "SELECT claimant.enqueue(?, 'order', '{\"type\": \"mail\", \"a\": \"b\"}', 'order-7', 'customer-3')",
                queue.name);

        Message claimed = claimOne(worker).message();

        assertThat(claimed.id()).isEqualTo(id);
        assertThat(claimed.text()).isEqualTo("order");
        assertThat(claimed.headers()).isEqualTo(Map.of("type", "mail", "a", "b"));
        assertThat(claimed.idempotencyKey()).isEqualTo("order-7");
        assertThat(claimed.orderingKey()).isEqualTo("customer-3");
    }

    @Test
    void aBodyMayBeBytes() {
        other.one("SELECT claimant.enqueue(?, '\\xc3a4'::bytea)", queue.name);

        assertThat(claimOne(worker).message().body()).isEqualTo("ä".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aDelayedMessageWaits() {
        other.one("SELECT claimant.enqueue(?, 'later', delay => interval '1 hour')", queue.name);

        assertThat(queue.states()).containsExactly("waiting");
    }

    @Test
    void aKeyIsEnqueuedOnceWhileItIsInTheQueue() {
        String once = "SELECT claimant.enqueue(?, 'x', idempotency_key => 'k', once => true)";

        assertThat(other.one(once, queue.name)).isNotEqualTo("null");
        assertThat(other.one(once, queue.name)).isEqualTo("null");
        assertThat(queue.queue.enqueueOnce(PostgresQueue.NewMessage.of("x").idempotencyKey("k")))
                .isFalse();
    }

    @Test
    void itIsPartOfTheCallersTransactionAndWakesWorkersWithItsCommit() throws SQLException {
        try (Connection listening = queue.database.connect();
                Connection transaction = other.connect();
                Statement listen = listening.createStatement();
                Statement statement = transaction.createStatement()) {
            listen.execute("LISTEN claimant");
            transaction.setAutoCommit(false);
            statement.execute("SELECT claimant.enqueue('" + queue.name + "', 'rolled back')");
            transaction.rollback();
            assertThat(queue.states()).isEmpty();

            statement.execute("SELECT claimant.enqueue('" + queue.name + "', 'committed')");
            transaction.commit();

            listen.execute("SELECT 1");
            assertThat(listening.unwrap(PGConnection.class).getNotifications())
                    .extracting(PGNotification::getParameter)
                    .contains(queue.name);
            assertThat(TestQueue.texts(claim(worker))).containsExactly("committed");
        }
    }

    @Test
    void whatNoWorkerCouldUseIsRefusedWithItsNameAndValue() {
        refuses("claimant.enqueue(NULL, 'x')", "of_queue: NULL");
        refuses("claimant.enqueue('a' || chr(63), 'x')", "of_queue: ");
        refuses("claimant.enqueue(' ', 'x')", "of_queue: ' '");
        refuses("claimant.enqueue(U&'\\2003', 'x')", "of_queue: ");
        refuses("claimant.enqueue('a' || U&'\\0085', 'x')", "of_queue: ");
        refuses("claimant.enqueue('q', NULL::text)", "body: NULL");
        refuses("claimant.enqueue('q', 'x', '[1]')", "headers: [1]");
        refuses("claimant.enqueue('q', 'x', '{\"a\": null}')", "headers: {\"a\": null}");
        refuses("claimant.enqueue('q', 'x', delay => interval '-1 second')", "delay: -00:00:01");
        refuses("claimant.enqueue('q', 'x', idempotency_key => repeat('k', 1501))", "more than the 1500 bytes");
        refuses("claimant.enqueue('q', 'x', jsonb_build_object('a', repeat('x', 16777216)))", "more than the 16777216");
        refuses("claimant.enqueue('q', 'x', once => true)", "idempotency_key: missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "SQL_ASCII", "EUC_JP"})
    void aDatabaseMayHaveAnyEncodingAndAnOldWayToReadLiterals(String encoding) {
        TestDatabase odd = TestDatabase.encodedIn(encoding).with("-c standard_conforming_strings=off");
        PostgresSource.migrate(odd.dataSource());

        assertThat(odd.number("SELECT claimant.enqueue('q', 'x')")).isPositive();
        assertThatThrownBy(() -> odd.one("SELECT claimant.enqueue('a' || chr(63), 'x')"))
                .hasStackTraceContaining("of_queue: ");
        assertThat(odd.number("SELECT claimant.scaler('q')")).isOne();
    }

    /** A character beyond the first 65,536 is one for the server and two for Java. */
    @Test
    void aNameOf200CharactersIsOneForBoth() {
        String name = "\ud83d\ude00".repeat(200);
        other.one("SELECT claimant.enqueue(?, 'x')", name);

        try (PostgresSource worker = PostgresSource.queue(queue.database.dataSource(), name)) {
            assertThat(worker.backlog().scaler()).isOne();
        }
        queue.database.update("DELETE FROM claimant.message WHERE queue = ?", name);
    }

    private void refuses(String call, String why) {
        assertThatThrownBy(() -> other.one("SELECT " + call)).hasStackTraceContaining(why);
    }

    @Test
    void theScalersNumberNeedsNoRightOnATable() {
        queue.enqueue("a", "b");

        assertThat(other.number("SELECT claimant.scaler(?)", queue.name)).isEqualTo(2);
        assertThat(other.number("SELECT claimant.scaler(?, 1)", queue.name)).isOne();
        assertThatThrownBy(() -> other.column("SELECT id FROM claimant.message"))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void aRoleThatWasGrantedNothingMayCallNothing() {
        queue.database.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA claimant FROM caller");

        assertThatThrownBy(() -> other.one("SELECT claimant.enqueue('q', 'x')"))
                .hasStackTraceContaining("permission denied for function enqueue");
        assertThatThrownBy(() -> other.one("SELECT claimant.scaler('q')"))
                .hasStackTraceContaining("permission denied for function scaler");
    }
}
