package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claim;
import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Rows that are done or dead: when they are new work again, and that they cost no claim anything. */
class FinishedRowsTest {

    @AutoClose
    private final TestTable table = new TestTable();

    private final PostgresSource worker = table.worker();
    private final DeadLetters dead = DeadLetters.ofTable(Roles.operator().dataSource(), table.name);

    @Test
    void aRowThatDoesNotLookPendingWhenItIsDeadLetteredIsNewWorkOnceItDoes() {
        table.insert(7);
        Claim claim = claimOne(worker);
        table.status(7, "FAILED");
        kill(claim);

        assertThat(table.states()).isEmpty();
        assertThat(dead.list(10)).hasSize(1);
        table.status(7, "PENDING");

        assertThat(claimOne(worker).attempt()).isOne();
    }

    @Test
    void aDeadRowThatDidNotLookPendingForAWhileIsNewWorkOnceItDoes() {
        table.insert(7);
        kill(claimOne(worker));
        table.status(7, "FAILED");
        claim(table.worker());
        table.status(7, "PENDING");

        assertThat(claimOne(worker).attempt()).isOne();
    }

    @Test
    void aDeadRowThatIsDeletedAndInsertedAnewIsNewWork() {
        table.insert(7);
        kill(claimOne(worker));
        table.delete(7);
        claim(table.worker());
        table.insert(7);

        assertThat(claimOne(worker).attempt()).isOne();
    }

    @Test
    void aDeadRowThatLooksPendingIsUnblockedWithAndWithoutItsDeadLetter() {
        table.insert(7);
        table.insert(8);
        kill(claimOne(worker));
        settle(worker, new Complete(claimOne(worker)));
        dead.purgeOlderThan(Duration.ZERO);
        assertThat(claim(table.worker())).isEmpty();
        assertThat(table.states()).containsExactlyInAnyOrder("dead", "done");

        assertThat(dead.unblock(List.of("7", "8", "9"))).isEqualTo(2);

        assertThat(claim(worker))
                .hasSize(2)
                .allSatisfy(claim -> assertThat(claim.attempt()).isOne());
        assertThat(dead.unblock(List.of("7"))).as("in work").isZero();
    }

    @Test
    void aDeadLetterWhoseRowWasReleasedMeanwhileIsRedriven() {
        table.insert(7);
        Claim claim = claimOne(worker);
        table.status(7, "FAILED");
        kill(claim);

        assertThat(dead.redriveAll()).isOne();

        assertThat(claimOne(worker).id()).isEqualTo("7");
    }

    @Test
    void aDeadLetterThatCouldNotHaveItsMessagesIdIsRedriven() {
        table.insert(7);
        Claim claim = claimOne(worker);
        table.database.update("""
                INSERT INTO claimant.dead (id, queue, reason, attempts, deliveries, expired_locks, enqueued_at)
                SELECT id, 'older', 'older', 1, 1, 0, now() FROM claimant.message WHERE queue = ?""", table.name);
        kill(claim);

        assertThat(dead.redriveAll()).isOne();

        assertThat(claimOne(worker).id()).isEqualTo("7");
    }

    @Test
    void manyFinishedRowsAreRemovedInOneGoOnceTheyDoNotLookPending() {
        table.database.update("INSERT INTO \"" + table.name + "\" SELECT g, 1, 'x' FROM generate_series(1, 5000) g");
        history(1, 5000, "done");
        table.database.update("DELETE FROM \"" + table.name + "\" WHERE id > 100");

        claim(table.worker());

        assertThat(table.states()).hasSizeLessThan(4100);
    }

    @Test
    void aClaimReadsNoMoreHoweverManyLookPendingAndAreNot() {
        int finished = 30_000;
        table.database.update(
                "INSERT INTO \"" + table.name + "\" SELECT g, 1, 'x' FROM generate_series(1, ?) g", finished + 1);
        history(1, finished / 2, "dead");
        history(finished / 2 + 1, finished, "done");
        Claimer claimer = new Claimer(table.name, null, "some-holder", Duration.ofSeconds(30));
        PostgresConfig config = table.config().pending("true").build();
        WorkTable ofTable = WorkTable.of(config, "public", table.name, "bigint", false);

        Explained claim = Explained.of(
                        table.database, TableStatements.of(claimer, ofTable).claim(), "10", "'12345'")
                .print("a claim of 10 behind " + finished + " finished rows");

        assertThat(claim.read()).isLessThan(3L * SearchBehindFront.SIZE);
    }

    @Test
    void theCountsReadFinishedRowsPageByPageRatherThanLookingUpEach() {
        int finished = 20_000;
        table.database.update(
                "INSERT INTO \"" + table.name + "\" SELECT g, 1, 'x' FROM generate_series(1, ?) g", finished + 7);
        history(1, finished, "done");
        PostgresConfig config = table.config().pending("true").build();

        for (Script count : List.of(Script.byIndex(BacklogQuery.query(config)), BacklogQuery.backlog(config))) {
            Explained counted =
                    Explained.of(table.database, count).print("a count behind " + finished + " finished rows");
            assertThat(counted.buffers()).isPositive().isLessThan(finished);
        }
        Backlog backlog = table.worker(table.config().pending("true")).backlog();
        assertThat(backlog.scaler()).isEqualTo(7);
        assertThat(backlog.ready()).hasValue(7);
    }

    @Test
    void freshRowsBehindManyThatLookPendingAreFoundAtOnceAtTheEndAndSoonAmongThem() {
        int finished = 12_000;
        table.database.update(
                "INSERT INTO \"" + table.name + "\" SELECT g, 1, 'x' FROM generate_series(1, ?) g", finished + 20);
        history(1, finished, "done");
        PostgresSource other = table.worker(table.config().pending("true"));

        Set<String> claimed = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            claim(other).forEach(claim -> claimed.add(claim.id()));
        }
        assertThat(claimed).hasSize(20);

        assertThat(claim(other)).isEmpty();
        table.insert(finished + 100);
        assertThat(claimOne(other).id()).isEqualTo(Integer.toString(finished + 100));

        dead.unblock(List.of("6000"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> claim(other).stream().map(Claim::id).toList().equals(List.of("6000")));
    }

    private void kill(Claim claim) {
        settle(worker, new DeadLetter(claim, "no", null));
    }

    /** Messages of rows that are done or dead. */
    private void history(int from, int to, String state) {
        table.database.update(
                "INSERT INTO claimant.message (queue, key, state) SELECT ?, g::text, ? FROM generate_series(?, ?) g",
                table.name,
                state,
                from,
                to);
    }
}
