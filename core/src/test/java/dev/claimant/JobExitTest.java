package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Job's result and its summary say, on real workers in this process. */
class JobExitTest {

    private final InMemoryQueue queue = new InMemoryQueue();
    private final InMemorySource source = new InMemorySource(queue);

    @TempDir
    private Path directory;

    private Path log;

    @BeforeEach
    void makeTheTerminationLogWritable() throws IOException {
        log = Files.writeString(
                directory.resolve("termination-log"),
                "what an earlier container left, longer than a summary".repeat(10));
    }

    @Test
    void allCompletedIs0() throws IOException {
        send("a", "b", "c");

        JobResult result = run(claim -> {}, options(3));

        assertThat(result).isEqualTo(new JobResult(0, 3, 3, 0, 0, 0, 0, 0, null));
        assertThat(summary()).isEqualTo(result.toJson() + "\n");
    }

    @Test
    void nothingToClaimIs0() throws IOException {
        assertThat(run(claim -> {}, options(1))).isEqualTo(new JobResult(0, 0, 0, 0, 0, 0, 0, 0, null));
        assertThat(summary()).startsWith("{\"exitCode\":0,\"claimed\":0,");
    }

    @Test
    void fewerMessagesThanAskedForIs0AfterTheIdleTimeout() {
        send("a");

        assertThat(run(claim -> {}, options(5))).isEqualTo(new JobResult(0, 1, 1, 0, 0, 0, 0, 0, null));
    }

    @Test
    void cleanlyRetriedOrDeadLetteredIs0() {
        send("later", "hopeless");

        JobResult result = run(
                claim -> {
                    if (claim.id().equals("later")) {
                        throw new RetryLater(Duration.ofHours(1), "not yet");
                    }
                    throw new PermanentFailure("no such customer");
                },
                options(2));

        assertThat(result).isEqualTo(new JobResult(0, 2, 0, 1, 0, 1, 0, 0, null));
    }

    @Test
    void aFailureReservedForTheNextPodIs1() {
        send("a");

        JobResult result = run(
                claim -> {
                    throw new IOException("timeout");
                },
                options(1).owner("thumbnails-x7k2p"));

        assertThat(result).isEqualTo(new JobResult(1, 1, 0, 0, 1, 0, 0, 0, null));
        assertThat(queue.backlog().inFlight()).hasValue(1);
    }

    @Test
    void aLostLockIs75() {
        send("a");

        JobResult result = run(claim -> source.takeAway(List.of(claim)), options(1));

        assertThat(result).isEqualTo(new JobResult(75, 1, 0, 0, 0, 0, 0, 1, null));
    }

    @Test
    void aSourceThatCannotBeOpenedIs75AndTheSummarySaysWhy() throws IOException {
        source.unreachable(true);

        JobResult result = run(claim -> {}, options(1));

        assertThat(result.exitCode()).isEqualTo(75);
        assertThat(summary())
                .contains("\"problem\":\"cannot open: the in-memory queue was made unreachable\"")
                .hasLineCount(1);
    }

    @Test
    void aSourceThatCannotBeReachedAnyMoreIs75OnceTheLocksHaveRunOut() {
        InMemoryQueue queue = new InMemoryQueue(
                InMemoryQueue.allCapabilities().with(all -> all.lockLength(Duration.ofMillis(600))), System::nanoTime);
        InMemorySource source = new InMemorySource(queue);
        queue.send(Message.of("a", ""));
        Source goneAfterTheFirst = new ImpatientSource(source) {
            @Override
            public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
                List<Claim> claims = super.claim(demand, wait);
                source.unreachable(true); // before the handler begins, and before the next claim
                return claims;
            }
        };
        try (Worker worker =
                Worker.builder(goneAfterTheFirst).handler(claim -> {}).build()) {

            JobResult result = worker.runJob(options(2));

            assertThat(result)
                    .isEqualTo(new JobResult(
                            75, 1, 0, 0, 0, 0, 0, 1, "cannot claim: the in-memory queue was made unreachable"));
        }
    }

    @Test
    void aWrongConfigurationIs78AndTheSummarySaysWhatIsWrong() throws IOException {
        InMemoryQueue unordered = new InMemoryQueue(
                InMemoryQueue.allCapabilities().with(all -> all.ordering(Ordering.NONE)), System::nanoTime);
        try (Worker worker = Worker.builder(new InMemorySource(unordered))
                .handler(claim -> {})
                .ordered()
                .build()) {

            assertThat(worker.runJob(options(1)).exitCode()).isEqualTo(78);
        }

        assertThat(summary()).contains("\"problem\":\"ordered: true needs a source that keeps order");
    }

    @Test
    void aTerminationLogThatIsMissingIsNotCreatedAndTheJobEndsAllTheSame() {
        Path missing = directory.resolve("missing");

        assertThat(run(claim -> {}, options(1).terminationLog(missing)).exitCode())
                .isZero();

        assertThat(missing).doesNotExist();
    }

    @Test
    void aTerminationLogThatCannotBeWrittenChangesNothing() {
        assertThat(run(claim -> {}, options(1).terminationLog(directory)).exitCode())
                .isZero();
    }

    private JobResult run(Handler handler, JobOptions options) {
        try (Worker worker = Worker.builder(source)
                .handler(handler)
                .retry(RetryPolicy.immediate())
                .build()) {
            return worker.runJob(options);
        }
    }

    private JobOptions options(int messages) {
        return JobOptions.messages(messages).idleTimeout(Duration.ofMillis(200)).terminationLog(log);
    }

    private void send(String... ids) {
        for (String id : ids) {
            queue.send(Message.of(id, ""));
        }
    }

    private String summary() throws IOException {
        return Files.readString(log);
    }
}
