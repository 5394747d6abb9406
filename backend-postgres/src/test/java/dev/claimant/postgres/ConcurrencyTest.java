package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many workers at once: every message once, none lost, none twice. */
class ConcurrencyTest {

    private static final int WORKERS = 8;
    private static final int MESSAGES = 2000;

    @Test
    void workersOfOneQueueShareItsMessages() throws Exception {
        try (TestQueue queue = new TestQueue()) {
            queue.database.update(
                    "INSERT INTO claimant.message (queue, body) SELECT ?, 'x' FROM generate_series(1, ?)",
                    queue.name,
                    MESSAGES);

            List<String> claimed = drain(
                    IntStream.range(0, WORKERS).mapToObj(i -> queue.worker()).toList());

            assertThat(claimed).hasSize(MESSAGES).doesNotHaveDuplicates();
            assertThat(queue.states()).isEmpty();
        }
    }

    @Test
    void workersOfOneTableShareItsRows() throws Exception {
        try (TestTable table = new TestTable()) {
            table.database.update(
                    "INSERT INTO \"" + table.name + "\" SELECT g, 1, '' FROM generate_series(1, ?) g", MESSAGES);

            List<String> claimed = drain(
                    IntStream.range(0, WORKERS).mapToObj(i -> table.worker()).toList());

            assertThat(claimed).hasSize(MESSAGES).doesNotHaveDuplicates();
            assertThat(table.states()).hasSize(MESSAGES).containsOnly("done");
        }
    }

    /** What all of them claimed and completed until there was nothing left. */
    private static List<String> drain(List<PostgresSource> workers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(workers.size());
        List<Future<List<String>>> drained = workers.stream()
                .map(worker -> threads.submit(() -> drain(worker)))
                .toList();
        List<String> all = new ArrayList<>();
        for (Future<List<String>> part : drained) {
            all.addAll(part.get());
        }
        threads.shutdown();
        return all;
    }

    private static List<String> drain(PostgresSource worker) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        while (true) {
            List<Claim> claims = worker.claim(7, Duration.ofMillis(300));
            if (claims.isEmpty()) {
                return ids;
            }
            assertThat(worker.renew(claims, TestQueue.WITHIN)).doesNotContain(Verdict.LOST);
            claims.forEach(claim -> complete(worker, claim));
            claims.forEach(claim -> ids.add(claim.id()));
        }
    }

    /** Another claim may hold the row for longer than a settlement tries; as core does, it is tried again. */
    private static void complete(PostgresSource worker, Claim claim) {
        Verdict verdict = TestQueue.settle(worker, new Complete(claim));
        while (verdict == Verdict.UNKNOWN) {
            verdict = TestQueue.settle(worker, new Complete(claim, true));
        }
        assertThat(verdict).isEqualTo(Verdict.APPLIED);
    }
}
