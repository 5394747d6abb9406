package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker that is started and stopped from four threads: all at once, once it has started, or in the midst of its work. */
@Timeout(60)
class StartAndStopTest {

    private static final int MESSAGES = 20;

    private final ExecutorService callers = Executors.newFixedThreadPool(4);
    private final CyclicBarrier together = new CyclicBarrier(4);
    private final InMemoryQueue queue = new InMemoryQueue();

    @AfterEach
    void end() {
        callers.shutdownNow();
    }

    @Test
    void itEndsAndNothingIsLostWheneverTheStopComes() throws Exception {
        for (int round = 0; round < 200; round++) {
            sendUpTo(MESSAGES);
            Gate mayStop = new Gate();
            Worker worker = worker("stress", claim -> mayStop.open());
            if (round % 3 == 0) {
                mayStop.open();
            }
            boolean onceStarted = round % 3 == 1;
            allAtOnce(
                    () -> startedBy(worker, onceStarted ? mayStop : new Gate()),
                    () -> drained(worker, mayStop),
                    () -> drained(worker, mayStop),
                    () -> closed(worker, mayStop));
            assertThat(worker.state()).isEqualTo(Worker.State.STOPPED);
            assertThat(worker.managementPort()).isEqualTo(-1);
            assertThat(queue.backlog().inFlight()).hasValue(0);
        }
        await().untilAsserted(() -> assertThat(threadsOf("stress")).isEmpty());
    }

    @RepeatedTest(20)
    void itStartsOnceHoweverManyStartIt() throws Exception {
        Worker worker = worker("once", claim -> {});
        Callable<Boolean> start = () -> startedBy(worker, new Gate());
        assertThat(allAtOnce(start, start, start, start)).containsOnlyOnce(true);
        worker.close();
        await().untilAsserted(() -> assertThat(threadsOf("once")).isEmpty());
    }

    private Worker worker(String name, Handler handler) {
        return Worker.builder(new InMemorySource(queue))
                .name(name)
                .slots(3)
                .managementPort(0)
                .handler(handler)
                .build();
    }

    private void sendUpTo(int messages) {
        for (long i = queue.backlog().scaler(); i < messages; i++) {
            queue.send(Message.of("m" + i, ""));
        }
    }

    @SafeVarargs
    private List<Boolean> allAtOnce(Callable<Boolean>... calls) throws Exception {
        List<Future<Boolean>> results = new ArrayList<>();
        for (Callable<Boolean> call : calls) {
            results.add(callers.submit(() -> {
                together.await();
                return call.call();
            }));
        }
        List<Boolean> answers = new ArrayList<>();
        for (Future<Boolean> result : results) {
            answers.add(result.get(20, SECONDS));
        }
        return answers;
    }

    private static boolean startedBy(Worker worker, Gate done) {
        try {
            worker.start();
            return true;
        } catch (IllegalStateException tooLate) {
            return false;
        } finally {
            done.open();
        }
    }

    private static boolean drained(Worker worker, Gate begin) throws InterruptedException {
        begin.await();
        return worker.drain();
    }

    private static boolean closed(Worker worker, Gate begin) throws InterruptedException {
        begin.await();
        worker.close();
        return true;
    }

    private static List<String> threadsOf(String worker) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(worker + "-"))
                .toList();
    }
}
