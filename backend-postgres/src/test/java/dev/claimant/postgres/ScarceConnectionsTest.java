package dev.claimant.postgres;

import static dev.claimant.postgres.TestQueue.claimOne;
import static dev.claimant.postgres.TestQueue.renew;
import static dev.claimant.postgres.TestQueue.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.JobOptions;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.Worker;
import dev.claimant.contract.NoEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server, a role or a pool has only that many connections. */
class ScarceConnectionsTest {

    @AutoClose
    private final TestQueue queue = new TestQueue();

    @TempDir
    Path directory;

    @Test
    void asManyJobsAsThereAreConnectionsEndWithZeroAndEachMessageRunsOnce() throws Exception {
        int jobs = 20;
        TestDatabase scarce = withConnections(jobs);
        CyclicBarrier allClaimed = new CyclicBarrier(jobs);
        AtomicInteger runs = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(jobs);
        List<Future<Integer>> exits = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            String owner = "job-" + i;
            queue.enqueue(owner);
            exits.add(threads.submit(() -> job(scarce, owner, claim -> {
                runs.incrementAndGet();
                allClaimed.await();
            })));
        }

        for (Future<Integer> exit : exits) {
            assertThat(exit.get()).isZero();
        }
        threads.shutdown();
        assertThat(runs).hasValue(jobs);
        assertThat(queue.states()).isEmpty();
    }

    private int job(TestDatabase database, String owner, Handler handler) {
        PostgresSource source = PostgresSource.queue(database.dataSource(), queue.name);
        try (source;
                Worker worker = Worker.builder(source).slots(1).handler(handler).build()) {
            return worker.runJob(JobOptions.messages(1).owner(owner).terminationLog(directory.resolve(owner)))
                    .exitCode();
        }
    }

    @Test
    void aJobRenewsAndSettlesOnTheConnectionThatClaimed() {
        PostgresSource job = queue.worker("some-job");
        queue.enqueue("a");
        Claim claim = claimOne(job);

        assertThat(renew(job, claim)).isEqualTo(Verdict.APPLIED);
        assertThat(settle(job, new Complete(claim))).isEqualTo(Verdict.APPLIED);

        assertThat(queue.connections()).isOne();
    }

    @Test
    void aWorkersSecondConnectionIsThereBeforeItsFirstHandler() {
        queue.worker();

        assertThat(queue.connections()).isEqualTo(2);
    }

    @Test
    void aPoolWithoutRoomForBothIsNamed() {
        TestDatabase scarce = withConnections(1);
        try (PostgresSource worker = PostgresSource.queue(scarce.dataSource(), queue.name)) {
            assertThatThrownBy(() -> worker.open(TestQueue.plan(null), NoEvents.INSTANCE))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining(queue.name)
                    .hasMessageContaining("too many connections")
                    .hasMessageContaining("two connections");
        }
    }

    private static TestDatabase withConnections(int limit) {
        Roles.worker();
        String role = "scarce_" + limit;
        TestDatabase shared = TestDatabase.shared();
        shared.execute("DROP ROLE IF EXISTS " + role);
        shared.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'x' CONNECTION LIMIT " + limit + " IN ROLE claimant_worker");
        return shared.as(role, "x");
    }
}
