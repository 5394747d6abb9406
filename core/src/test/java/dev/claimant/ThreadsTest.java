package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads on which a real worker calls the source and its listeners. */
@Timeout(60)
class ThreadsTest {

    private final InMemoryQueue queue = new InMemoryQueue();
    private final InMemorySource source = new InMemorySource(queue);

    @BeforeEach
    void sendOne() {
        queue.send(Message.of("a", ""));
    }

    @Test
    void theEventsOfAClaimAreToldInOrderAndAllBeforeTheJobHasEnded() {
        Heard heard = new Heard();
        try (Worker worker =
                Worker.builder(source).listener(heard).handler(claim -> {}).build()) {
            worker.runJob(JobOptions.messages(1));
            assertThat(heard.all)
                    .containsExactly(
                            "RUNNING",
                            "claimed a",
                            "started a",
                            "finished a",
                            "Complete a APPLIED",
                            "DRAINING",
                            "STOPPED");
        }
    }

    @Test
    void aWorkerThatHasLostAThreadToADefectIsNotAlive() {
        assertNotAliveWith(new ImpatientSource(source) {
            @Override
            public List<Claim> claim(int demand, Duration wait) {
                throw new NoClassDefFoundError("a defect in the source");
            }
        });
    }

    @Test
    void aJobThatHasLostAThreadToADefectEndsAndIsTriedAgain() {
        ImpatientSource defective = new ImpatientSource(source) {
            @Override
            public List<Verdict> settle(List<Settlement> settlements, Duration within) {
                throw new NoClassDefFoundError("a defect in the source");
            }
        };
        try (Worker worker = Worker.builder(defective)
                .flushTimeout(Duration.ofMillis(10))
                .handler(claim -> {})
                .build()) {
            JobResult result = worker.runJob(JobOptions.messages(1));
            assertThat(result.exitCode()).isEqualTo(JobResult.TRY_AGAIN);
            assertThat(result.problem()).contains("a thread of the worker has died", "a defect in the source");
        }
    }

    @Test
    void aWorkerWhoseThreadWasInterruptedByADefectIsNotAlive() {
        assertNotAliveWith(new ImpatientSource(source) {
            @Override
            public List<Verdict> settle(List<Settlement> settlements, Duration within) {
                Thread.currentThread().interrupt();
                return super.settle(settlements, within);
            }
        });
    }

    private void assertNotAliveWith(ImpatientSource defective) {
        try (Worker worker =
                Worker.builder(defective).managementPort(0).handler(claim -> {}).build()) {
            worker.start();
            Probe probe = new Probe(worker);
            await().until(() -> probe.status("/livez") == 503);
        }
    }
}
