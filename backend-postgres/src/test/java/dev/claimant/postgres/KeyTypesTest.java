package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of one database whose keys are of different types: their messages are in one table, their keys are texts there. */
class KeyTypesTest {

    private final TestDatabase database = TestDatabase.empty();

    /** How a planner joins few rows, with and without its favourite for them. */
    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void theKeysOfOneTableAreNotReadAsThoseOfAnother(String nestedLoops) {
        PostgresSource.migrate(database.dataSource());
        database.execute("ALTER DATABASE " + database.name() + " SET enable_nestloop = " + nestedLoops);
        try (PostgresSource named = table("named", "uuid", "gen_random_uuid()");
                PostgresSource numbered = table("numbered", "bigint", "g")) {
            assertThat(claim(named)).hasSize(3);
            database.execute("ANALYZE");

            claim(numbered).forEach(claim -> settle(numbered, new Retry(claim, Duration.ZERO, "later")));
            List<Claim> again = claim(numbered);

            assertThat(again).hasSize(3);
            assertThat(again)
                    .allSatisfy(claim ->
                            assertThat(settle(numbered, new Complete(claim))).isEqualTo(Verdict.APPLIED));
        }
    }

    @Test
    void aRowIsFoundByItsKeyWhateverItsType() {
        PostgresSource.migrate(database.dataSource());
        for (String type : List.of("uuid", "text", "varchar(36)", "char(40)", "name")) {
            try (PostgresSource source = table("t" + type.hashCode(), type, "gen_random_uuid()::text::" + type)) {
                Claim claim = claimOne(source);
                assertThat(claim.text()).contains(claim.id());
                settle(source, new Retry(claim, Duration.ZERO, "later"));
                assertThat(claim(source)).hasSize(3);
            }
        }
    }

    private PostgresSource table(String name, String keyType, String key) {
        database.execute("CREATE TABLE \"" + name + "\" (id " + keyType + " PRIMARY KEY, status text)");
        database.execute("INSERT INTO \"" + name + "\" SELECT " + key + ", 'new' FROM generate_series(1, 3) g");
        PostgresSource source = PostgresSource.of(
                database.dataSource(),
                PostgresConfig.table(name).pending("t.status = 'new'").build());
        source.open(TestQueue.plan(null), NoEvents.INSTANCE);
        return source;
    }
}
