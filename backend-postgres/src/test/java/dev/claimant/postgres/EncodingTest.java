package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that cannot store every character, and failures that are told in any language. */
class EncodingTest {

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "SQL_ASCII", "UTF8"})
    void whatCannotBeStoredOfAFailureKeepsNoMessageFromBeingSettled(String encoding) {
        TestDatabase database = TestDatabase.encodedIn(encoding);
        PostgresSource.migrate(database.dataSource());
        try (TestQueue queue = new TestQueue(database)) {
            PostgresSource worker = queue.worker();
            queue.enqueue("日本");

            assertThat(settle(worker, new Retry(claimOne(worker), Duration.ZERO, "失敗: no")))
                    .isEqualTo(Verdict.APPLIED);
            var again = claimOne(worker);
            assertThat(again.text()).isEqualTo("日本");
            assertThat(settle(worker, new DeadLetter(again, "失敗: no", null))).isEqualTo(Verdict.APPLIED);

            assertThat(new DeadLetters(database.dataSource(), queue.name).list(1))
                    .singleElement()
                    .satisfies(letter -> {
                        assertThat(letter.reason()).endsWith(": no");
                        assertThat(letter.history()).contains(": no");
                    });
        }
    }
}
