package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WorkerTest {

    private final InMemoryQueue queue = new InMemoryQueue();

    @Test
    void worksOnEveryMessageOnceAndCompletesIt() throws Exception {
        int messages = 1_000;
        for (int i = 0; i < messages; i++) {
            queue.send(Message.of("m" + i, "hello"));
        }
        Set<String> handled = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(messages);
        try (Worker worker = Worker.builder(new InMemorySource(queue))
                .slots(8)
                .handler(claim -> {
                    assertThat(handled.add(claim.id())).isTrue();
                    all.countDown();
                })
                .build()) {
            worker.start();
            assertThat(all.await(10, SECONDS)).isTrue();
            assertThat(worker.drain()).isTrue();
        }
        assertThat(queue.backlog().scaler()).isZero();
        assertThat(queue.deadLetters()).isEmpty();
    }

    @Test
    void aJobEndsAfterItsMessages() {
        queue.send(Message.of("a", ""));
        queue.send(Message.of("b", ""));
        try (Worker worker =
                Worker.builder(new InMemorySource(queue)).handler(claim -> {}).build()) {
            JobResult result = worker.runJob(JobOptions.messages(1));
            assertThat(result.exitCode()).isZero();
            assertThat(result.completed()).isEqualTo(1);
        }
        assertThat(queue.backlog().scaler()).isEqualTo(1);
    }
}
