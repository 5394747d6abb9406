package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the table of messages takes: nothing that a worker could not read. */
class UnreadableMessageTest {

    @ParameterizedTest
    @ValueSource(strings = {"ARRAY['name', NULL]", "ARRAY[['a', 'b'], ['c', 'd']]", "ARRAY['name']"})
    void headersThatAreNotNamesAndValuesAreRefused(String headers) {
        assertThatThrownBy(() -> TestDatabase.shared()
                        .execute("INSERT INTO claimant.message (queue, headers) VALUES ('bad', " + headers + ")"))
                .hasStackTraceContaining("message_headers");
    }

    @ParameterizedTest
    @CsvSource({
        "message_times, enqueued_at, 'infinity'",
        "message_times, enqueued_at, '-infinity'",
        "message_times, enqueued_at, '294276-12-31'",
        "message_times, 'state, due_at', 'waiting, infinity'",
        "message_times, 'state, due_at', 'reserved, infinity'",
        "message_times, 'state, locked_until', 'working, infinity'",
        "message_numbers, attempt, 2147483647",
        "message_numbers, attempt, -1",
        "message_numbers, delivery, 2147483647",
        "message_numbers, expired_locks, 2147483647",
        "message_numbers, position, -1",
        "message_history, history, {}",
        "message_history, history, 1",
    })
    void whatWouldFailTheClaimOfAWholeQueueIsRefused(String constraint, String columns, String values) {
        String literals = "'" + values.replace(", ", "', '") + "'";
        assertThatThrownBy(() -> TestDatabase.shared()
                        .execute("INSERT INTO claimant.message (queue, " + columns + ") VALUES ('bad', " + literals
                                + ")"))
                .hasStackTraceContaining(constraint);
    }

    @Test
    void textThatNoClientCanDecodeIsRefused() {
        TestDatabase database = TestDatabase.encodedIn("SQL_ASCII");
        PostgresSource.migrate(database.dataSource());

        for (String column : List.of("idempotency_key", "ordering_key")) {
            assertThatThrownBy(() -> database.execute(
                            "INSERT INTO claimant.message (queue, " + column + ") VALUES ('q', E'\\xE4')"))
                    .hasStackTraceContaining("invalid byte sequence");
        }
        database.execute("INSERT INTO claimant.message (queue, body, headers) VALUES ('q', '\\xE4', ARRAY['a', 'ä'])");
    }

    @Test
    void whatIsInAlreadyIsGivenUpByTheMigrationAndItsNeighboursStay() {
        TestDatabase released = TestDatabase.encodedIn("SQL_ASCII");
        released.execute(Released.script("schema-1.sql"));
        long before = released.number("SELECT count(*) FROM claimant.message");
        released.execute("INSERT INTO claimant.message (queue, body, headers) VALUES ('q', 'x', ARRAY['a', NULL]),"
                + " ('q', 'x', ARRAY[['a', 'b']]), ('q', 'x', ARRAY['fine', 'ü']), ('q', 'x', ARRAY['a', E'\\xE4'])");

        PostgresSource.migrate(released.dataSource());

        assertThat(released.number("SELECT count(*) FROM claimant.message")).isEqualTo(before + 1);
        assertThat(new DeadLetters(released.dataSource(), "q").list(10))
                .filteredOn(letter -> letter.reason().startsWith("it cannot be read: "))
                .hasSize(3)
                .allSatisfy(letter -> assertThat(letter.body()).containsExactly('x'))
                .extracting(DeadLetters.DeadLetter::error)
                .contains("headers {{a,b}}", "headers {a,\\344}");
    }

    @Test
    void whatWouldFailEveryClaimIsGivenUpByTheMigrationAndMayBeRedriven() {
        TestDatabase released = TestDatabase.empty();
        released.execute(Released.script("schema-1.sql"));
        released.execute("INSERT INTO claimant.message (queue, body, enqueued_at) VALUES ('odd', 'x', 'infinity')");
        released.execute("INSERT INTO claimant.message (queue, body, attempt, delivery, expired_locks)"
                + " VALUES ('odd', 'x', 2147483647, 2147483647, 2147483647)");
        released.execute("INSERT INTO claimant.message (queue, body, position) VALUES ('below', 'x', -1)");
        released.execute("INSERT INTO claimant.message (queue, body, history) VALUES ('odd', 'x', '{}')");
        released.execute(
                "INSERT INTO claimant.message (queue, body, state, due_at) VALUES ('odd', 'x', 'waiting', 'infinity')");

        PostgresSource.migrate(released.dataSource());
        DeadLetters letters = new DeadLetters(released.dataSource(), "odd");

        assertThat(letters.list(10))
                .hasSize(4)
                .allMatch(letter -> letter.reason().startsWith("it cannot be read: "));
        assertThat(letters.redriveAll()).isEqualTo(4);
        assertThat(released.column("SELECT state FROM claimant.message WHERE queue = 'odd'"))
                .hasSize(4)
                .containsOnly("ready");
        assertThat(released.number("SELECT claimant.scaler('below')")).isOne();
    }
}
