package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What an inbox and a store say before their first message. */
class CheckTest {

    @Test
    void whoeverHasTheRightsOfAWorkerMayUseBoth() {
        assertThatCode(() -> new Inbox(Roles.worker().dataSource(), "i").check())
                .doesNotThrowAnyException();
        assertThatCode(() -> new PostgresIdempotencyStore(Roles.worker().dataSource(), "s").check())
                .doesNotThrowAnyException();
    }

    @Test
    void everyMissingRightIsNamedAtOnceWithTheRole() {
        TestDatabase operator = Roles.operator();

        assertThat(problems(() -> new Inbox(operator.dataSource(), "i").check()))
                .hasSize(5)
                .allMatch(problem -> problem.contains("role claimant_operator in database " + operator.name()))
                .anyMatch(problem -> problem.endsWith("lacks INSERT on claimant.inbox"))
                .anyMatch(problem -> problem.endsWith("lacks DELETE on claimant.inbox"));
        assertThat(problems(() -> new PostgresIdempotencyStore(operator.dataSource(), "s").check()))
                .hasSize(5)
                .anyMatch(problem -> problem.endsWith("lacks UPDATE on claimant.idempotency"));
    }

    @Test
    void aRightThatIsTakenBackIsTheOnlyOneNamed() {
        TestDatabase own = TestDatabase.empty();
        PostgresSource.migrate(own.dataSource());
        own.execute(PostgresSource.rolesSql());
        own.execute("DROP ROLE IF EXISTS half");
        own.execute("CREATE ROLE half LOGIN PASSWORD 'x' IN ROLE claimant_worker");
        own.execute("REVOKE UPDATE ON claimant.inbox FROM claimant_worker");

        assertThat(problems(() -> new Inbox(own.as("half", "x").dataSource(), "i").check()))
                .containsExactly("privileges: role half in database " + own.name() + " lacks UPDATE on claimant.inbox");
    }

    @Test
    void aMissingSchemaIsNamed() {
        assertThat(problems(() -> new Inbox(TestDatabase.empty().dataSource(), "i").check()))
                .singleElement()
                .asString()
                .contains("schema: claimant does not exist", "migrate");
    }

    @Test
    void aDatabaseThatCannotBeReachedIsNoMisconfiguration() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setPortNumbers(new int[] {1});

        assertThatThrownBy(() -> new Inbox(nowhere, "i").check())
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("claimant.inbox");
    }

    private static List<String> problems(ThrowingCallable check) {
        return catchThrowableOfType(ConfigurationException.class, check).problems();
    }
}
