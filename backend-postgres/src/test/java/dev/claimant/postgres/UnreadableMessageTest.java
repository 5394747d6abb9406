package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
