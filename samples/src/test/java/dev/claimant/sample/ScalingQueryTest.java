package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The manifest's own query, asked as the scaler's role, beside what the source says of itself, in every state that a clap can be in. */
class ScalingQueryTest {

    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Plan PLAN = new Plan("pod", 1, 2, 4, null, "job", Duration.ofMinutes(10), false, true);

    private ClapDatabase database;
    private PostgresSource source;
    private Scaler scaler;

    @BeforeEach
    void connect() throws Exception {
        database = new ClapDatabase();
        database.send(1, 0);
        source = database.source(Duration.ofSeconds(1));
        source.open(PLAN, NoEvents.INSTANCE);
        scaler = database.scaler();
    }

    @AfterEach
    void disconnect() throws Exception {
        scaler.close();
        source.close();
    }

    @Test
    void countsAReadyClap() throws Exception {
        assertCounts(1);
    }

    @Test
    void countsAClaimedClap() throws Exception {
        claim();

        assertCounts(1);
    }

    @Test
    void countsARenewedClap() throws Exception {
        Claim claim = claim();

        assertThat(source.renew(List.of(claim), WITHIN)).containsExactly(Verdict.APPLIED);
        assertCounts(1);
    }

    @Test
    void countsAClapThatItsHandlerHasMarkedRunning() throws Exception {
        claim();
        database.execute("INSERT INTO clap VALUES (1, 'RUNNING', 1, current_date, localtime, NULL, 1)");

        assertCounts(1);
    }

    @Test
    void countsAClapWhoseLockHasExpired() throws Exception {
        claim();
        await().until(() -> database.value("SELECT locked_until < clock_timestamp() FROM claimant.message")
                .equals("t"));

        assertCounts(1);
    }

    @Test
    void countsADelayedClapOnlyOnceItIsDue() throws Exception {
        settle(new Settlement.Retry(claim(), Duration.ofSeconds(2), "it failed"));

        assertCounts(0);
        await().until(() -> database.value("SELECT due_at < clock_timestamp() FROM claimant.message")
                .equals("t"));
        assertCounts(1);
    }

    @Test
    void countsAReservedClap() throws Exception {
        settle(new Settlement.Retry(claim(), Duration.ZERO, true, "it failed", false));

        assertCounts(1);
    }

    @Test
    void countsAReleasedClap() throws Exception {
        settle(new Settlement.Release(claim()));

        assertCounts(1);
    }

    @Test
    void doesNotCountADeadLetteredClap() throws Exception {
        settle(new Settlement.DeadLetter(claim(), "nobody can", null));

        assertCounts(0);
    }

    @Test
    void doesNotCountACompletedClap() throws Exception {
        settle(new Settlement.Complete(claim()));

        assertCounts(0);
    }

    @Test
    void theScalersRoleCanCountAndNothingElse() throws Exception {
        for (String forbidden : List.of(
                "SELECT body FROM claimant.message",
                "SELECT * FROM claimant.dead",
                "SELECT status FROM clap",
                "DELETE FROM make_it_clap",
                "UPDATE claimant.message SET state = 'dead'")) {
            assertThat(database.refusal("claimant_scaler", forbidden)).contains("permission denied");
        }
    }

    private Claim claim() throws InterruptedException {
        return source.claim(1, Duration.ofSeconds(5)).get(0);
    }

    private void settle(Settlement settlement) {
        assertThat(source.settle(List.of(settlement), WITHIN)).containsExactly(Verdict.APPLIED);
    }

    private void assertCounts(int expected) throws Exception {
        assertThat(scaler.read().value()).isEqualTo(expected);
        assertThat(source.backlog().scaler()).isEqualTo(expected);
    }
}
