package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.contract.NoEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which table it is and which row, whatever the settings of the sessions that ask. */
class TableIdentityTest {

    private final TestDatabase database = TestDatabase.empty();
    private final List<PostgresSource> sources = new ArrayList<>();

    @BeforeEach
    void migrate() {
        PostgresSource.migrate(database.dataSource());
    }

    @AfterEach
    void close() {
        sources.forEach(PostgresSource::close);
    }

    @ParameterizedTest
    @CsvSource({
        "timestamptz, '2026-03-01 12:00:00.25+02'",
        "timestamptz, infinity",
        "timestamptz, '0044-03-15 12:00:00+00 BC'",
        "timestamp, '2026-03-01 12:00:00.123456'",
        "date, 2026-03-01",
        "date, -infinity",
        "bytea, \\x00ff",
        "numeric, 1.50",
        "uuid, 0f0f0f0f-0000-4000-8000-000000000000",
        "char(8), abc",
        "varchar(8) COLLATE \"C\", abc",
        "inet, 10.0.0.1",
    })
    void aRowThatOneSessionHasClaimedIsClaimedInEveryOther(String type, String value) throws SQLException {
        database.execute("CREATE TABLE job (id " + type + " PRIMARY KEY)");
        database.update("INSERT INTO job VALUES ('" + value + "')");
        PostgresSource one = worker("job", "-c timezone=Asia/Tokyo -c datestyle=German -c bytea_output=escape");
        PostgresSource other = worker("job", "-c timezone=America/Lima -c datestyle=SQL,DMY -c intervalstyle=iso_8601");

        Claim first = claimOne(one);

        assertThat(claim(other)).isEmpty();
        assertThat(scaling(other, "-c timezone=Europe/Berlin -c datestyle=Postgres"))
                .isOne();
        settle(one, new Retry(first, Duration.ZERO, "later"));
        Claim again = claimOne(other);
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.text()).startsWith("{\"id\":");
        assertThat(again.message().idempotencyKey()).isEqualTo(first.message().idempotencyKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"double precision", "interval", "money", "int[]", "int4range", "timetz"})
    void aKeyWhoseTextIsNotOneInEverySessionIsRefused(String type) {
        database.execute("CREATE TABLE job (id " + type + " UNIQUE)");

        assertThatThrownBy(() -> worker("job", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key: column id of job is of type")
                .hasMessageContaining("usable are");
    }

    @Test
    void anEnumerationOrADomainInASchemaOffTheSearchPathIsAKeyToo() {
        database.execute("CREATE SCHEMA app");
        database.execute("CREATE TYPE app.\"Kind\" AS ENUM ('a', 'b')");
        database.execute("CREATE DOMAIN app.moment AS timestamptz");
        database.execute("CREATE TABLE job (id app.\"Kind\" PRIMARY KEY)");
        database.execute("CREATE TABLE tick (id app.moment PRIMARY KEY)");
        database.execute("INSERT INTO job VALUES ('a'); INSERT INTO tick VALUES ('2026-03-01 12:00:00+02')");

        for (String table : List.of("job", "tick")) {
            PostgresSource worker = worker(table, "-c timezone=Asia/Tokyo");
            settle(worker, new Retry(claimOne(worker), Duration.ZERO, "later"));
            assertThat(claimOne(worker(table, "-c timezone=America/Lima")).attempt())
                    .isEqualTo(2);
        }
    }

    @Test
    void oneTableIsOneHoweverItIsSpelledAndTwoOfOneNameAreTwo() throws SQLException {
        database.execute("CREATE TABLE job (id bigint PRIMARY KEY); INSERT INTO job VALUES (1)");
        database.execute("CREATE SCHEMA a; CREATE TABLE a.job (id bigint PRIMARY KEY); INSERT INTO a.job VALUES (1)");
        PostgresSource spelledShort = worker("job", "");
        PostgresSource spelledLong = worker("public.job", "");
        PostgresSource ofA = worker("job", "-c search_path=a");
        PostgresSource ofAToo = worker("a.job", "");

        Claim ofPublic = claimOne(spelledShort);
        assertThat(claim(spelledLong)).isEmpty();
        assertThat(spelledLong.backlog().inFlight()).hasValue(1);
        assertThat(scaling(ofAToo, "")).isOne();
        assertThat(ofA.backlog().inFlight()).hasValue(0);
        claimOne(ofAToo);
        assertThat(claim(ofA)).isEmpty();

        settle(spelledShort, new DeadLetter(ofPublic, "no", null));
        assertThat(DeadLetters.ofTable(database.dataSource(), "public.job").list(10))
                .hasSize(1);
        assertThat(DeadLetters.ofTable(database.dataSource(), "a.job").list(10)).isEmpty();
        assertThat(DeadLetters.ofTable(database.dataSource(), "job").redriveAll())
                .isOne();
        assertThat(claimOne(spelledLong).attempt()).isOne();
    }

    @Test
    void aRoleFromWhichRowLevelSecurityHidesRowsIsRefused() {
        database.execute(PostgresSource.rolesSql());
        Roles.worker();
        database.execute(
                "CREATE TABLE job (id bigint PRIMARY KEY, tenant text); GRANT SELECT ON job TO claimant_worker;"
                        + " ALTER TABLE job ENABLE ROW LEVEL SECURITY;"
                        + " CREATE POLICY mine ON job USING (tenant = 'mine'); INSERT INTO job VALUES (1, 'other')");
        PostgresSource seesAll = worker("job", "");
        settle(seesAll, new Retry(claimOne(seesAll), Duration.ZERO, "later"));

        assertThatThrownBy(() -> open(database.as("claimant_worker", "worker"), "job"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("row-level security hides rows of job");
        assertThatThrownBy(() -> database.as("claimant_worker", "worker")
                        .number("SELECT claimant.table_scaler('job', 'id', 'true')"))
                .hasStackTraceContaining("row-level security hides rows of job from role claimant_worker");
        assertThat(claimOne(seesAll).attempt()).isEqualTo(2);
    }

    @Test
    void aColumnThatIsCalledAsAStatementOfOursCallsSomethingChangesNoBody() {
        database.execute("CREATE TABLE job (id bigint PRIMARY KEY, t text, b text, m text, \"row\" text, key text);"
                + " INSERT INTO job VALUES (1, 'T', 'B', 'M', 'R', 'K')");
        assertThat(claimOne(worker("job", "")).text())
                .isEqualTo("{\"id\":1,\"t\":\"T\",\"b\":\"B\",\"m\":\"M\",\"row\":\"R\",\"key\":\"K\"}");

        database.execute("CREATE TABLE job2 AS SELECT * FROM job; ALTER TABLE job2 ADD PRIMARY KEY (id)");
        PostgresSource columns =
                open(database, PostgresConfig.table("job2").body("t", "b", "m").pending("t.t = 'T'"));
        assertThat(claimOne(columns).text()).isEqualTo("{\"t\":\"T\",\"b\":\"B\",\"m\":\"M\"}");
    }

    private PostgresSource worker(String table, String options) {
        return open(database.with(options), table);
    }

    private PostgresSource open(TestDatabase asSeen, String table) {
        return open(asSeen, PostgresConfig.table(table).pending("true"));
    }

    private PostgresSource open(TestDatabase asSeen, PostgresConfig.Builder config) {
        PostgresSource source = PostgresSource.of(asSeen.dataSource(), config.build());
        sources.add(source);
        source.open(TestQueue.plan(null), NoEvents.INSTANCE);
        return source;
    }

    /** As KEDA's session sees it. */
    private long scaling(PostgresSource source, String options) throws SQLException {
        try (Connection connection = database.with(options).connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(source.scalingQuery())) {
            row.next();
            return row.getLong(1);
        }
    }
}
