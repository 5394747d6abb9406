package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Worker.State;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerStatesTest {

    private final InMemoryQueue queue = new InMemoryQueue();
    private final List<State> states = new CopyOnWriteArrayList<>();

    @Test
    void aWorkerGoesFromNewToRunningToDrainingToStoppedAndTellsEachOnce() {
        Worker worker = worker();
        assertThat(worker.state()).isEqualTo(State.NEW);

        worker.start();
        assertThat(worker.state()).isEqualTo(State.RUNNING);
        worker.close();
        worker.close();

        assertThat(worker.state()).isEqualTo(State.STOPPED);
        assertThat(states).containsExactly(State.RUNNING, State.DRAINING, State.STOPPED);
    }

    @Test
    void aWorkerRunsOnce() {
        try (Worker worker = worker()) {
            worker.start();

            assertThatThrownBy(worker::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the worker is RUNNING and cannot be started again");
            worker.drain();
            assertThatThrownBy(worker::start).hasMessage("the worker is STOPPED and cannot be started again");
            assertThatThrownBy(worker::run).hasMessage("the worker is STOPPED and cannot be started again");
            assertThatThrownBy(() -> worker.runJob(JobOptions.messages(1)))
                    .hasMessage("the worker is STOPPED and cannot be started again");
        }
    }

    @Test
    void aJobThatIsRefusedChangesNothingOfTheRunningWorker() {
        try (Worker worker = worker()) {
            worker.start();

            assertThatThrownBy(() -> worker.runJob(JobOptions.messages(1)))
                    .hasMessage("the worker is RUNNING and cannot be started again");

            for (int i = 0; i < 3; i++) {
                queue.send(Message.of("m" + i, ""));
            }
            await().until(() -> queue.backlog().scaler() == 0);
            assertThat(worker.state()).isEqualTo(State.RUNNING);
            assertThat(worker.isReady()).as("as a Deployment's").isTrue();
        }
    }

    @Test
    void aWorkerClosedBeforeItsStartStartsNoMore() {
        Worker worker = worker();
        worker.close();

        assertThatThrownBy(worker::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the worker is STOPPED and cannot be started again");
    }

    @Test
    void aDrainThatComesBeforeTheRunEndsItAtOnce() {
        queue.send(Message.of("m", ""));
        try (Worker deployment = worker();
                Worker job = worker()) {
            deployment.drain();
            job.drain();

            deployment.run();
            assertThat(job.runJob(JobOptions.messages(1))).isEqualTo(new JobResult(143, 0, 0, 0, 0, 0, 0, 0, null));
        }
        assertThat(queue.backlog().ready()).hasValue(1);
    }

    @Test
    void runReturnsWhenItsThreadIsInterruptedAndLeavesItInterrupted() throws Exception {
        Worker worker = worker();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread running = new Thread(() -> {
            worker.run();
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        running.start();
        running.interrupt();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.state()).isEqualTo(State.STOPPED);
    }

    @Test
    void everyoneWhoDrainsWaitsForTheEndAndGetsTheSameAnswer() throws Exception {
        Gate started = new Gate();
        Gate mayEnd = new Gate();
        queue.send(Message.of("m", ""));
        try (Worker worker = Worker.builder(new InMemorySource(queue))
                .handler(claim -> {
                    started.open();
                    mayEnd.await();
                })
                .managementPort(0)
                .build()) {
            worker.start();
            started.await();
            CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(worker::drain);
            CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(worker::drain);
            assertThat(first).isNotDone();
            assertThat(second).isNotDone();
            mayEnd.open();

            assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(queue.backlog().scaler()).isZero();
    }

    private Worker worker() {
        return Worker.builder(new InMemorySource(queue))
                .handler(claim -> {})
                .listener(new WorkerListener() {
                    @Override
                    public void stateChanged(State state) {
                        states.add(state);
                    }
                })
                .build();
    }
}
