package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
    void anErrorOutOfTheSourceOrAnInterruptThatItLeavesBehindIsSurvived() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        queue.send(Message.of("b", ""));
        Source defective = new ImpatientSource(source) {
            @Override
            public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
                failAtFirst();
                List<Claim> claims = super.claim(1, wait);
                Thread.currentThread().interrupt();
                return claims;
            }

            @Override
            public List<Verdict> settle(List<Settlement> settlements, Duration within) {
                failAtFirst();
                List<Verdict> verdicts = super.settle(settlements, within);
                Thread.currentThread().interrupt();
                return verdicts;
            }

            private void failAtFirst() {
                if (calls.incrementAndGet() % 2 == 1) {
                    Thread.currentThread().interrupt();
                    throw new NoClassDefFoundError("a defect in the source");
                }
            }
        };
        try (Worker worker = Worker.builder(defective).handler(claim -> {}).build()) {
            worker.start();
            await().until(() -> queue.backlog().scaler() == 0);
            assertThat(worker.isAlive()).isTrue();
            assertThat(worker.drain()).isTrue();
        }
    }

    @Test
    void aWorkerWhoseSlotsCanHaveNoThreadLetsGoOfItsClaimsAndSaysWhy() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Worker worker = withoutSlotThreads(new WorkerListener() {
            @Override
            public void defect(Throwable defect) {
                told.complete(defect);
            }
        });
        CompletableFuture<Void> run = CompletableFuture.runAsync(worker::run);
        assertThat(run)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .withMessageContaining("no thread for handlers");
        assertThat(told.get(20, SECONDS)).hasMessage("no thread for handlers can be made");
        assertThat(worker.state()).isEqualTo(Worker.State.STOPPED);
        assertThat(worker.isAlive()).isFalse();
        assertThat(worker.whyNotAlive())
                .hasValueSatisfying(why -> assertThat(why).contains("no thread for handlers"));
        assertThat(queue.backlog().ready()).hasValue(1);
    }

    @Test
    void aJobThatHasADefectIsTriedAgain() {
        try (Worker worker = withoutSlotThreads(new Heard())) {
            JobResult result = worker.runJob(JobOptions.messages(1));
            assertThat(result.exitCode()).isEqualTo(JobResult.TRY_AGAIN);
            assertThat(result.problem()).contains("died of a defect", "no thread for handlers");
        }
    }

    private Worker withoutSlotThreads(WorkerListener listener) {
        return Worker.builder(source)
                .listener(listener)
                .handlerThreads(task -> {
                    throw new OutOfMemoryError("unable to create native thread");
                })
                .handler(claim -> {})
                .build();
    }

    @Test
    void aListenerThatDoesNotReturnStopsNoRenewal() throws Exception {
        InMemoryQueue queueOfShortLocks = new InMemoryQueue(
                InMemoryQueue.allCapabilities().with(all -> all.lockLength(Duration.ofMillis(600))), System::nanoTime);
        queueOfShortLocks.send(Message.of("a", ""));
        Gate renewals = new Gate(6);
        Gate listenerMayReturn = new Gate();
        Gate handlerMayReturn = new Gate();
        Source counted = new ImpatientSource(new InMemorySource(queueOfShortLocks)) {
            @Override
            public List<Verdict> renew(List<Claim> claims, Duration within) {
                List<Verdict> verdicts = super.renew(claims, within);
                if (verdicts.equals(List.of(Verdict.APPLIED))) {
                    renewals.open();
                }
                return verdicts;
            }
        };
        Worker worker = Worker.builder(counted)
                .listener(new WorkerListener() {
                    @Override
                    public void renewed(int applied, int lost, int unknown, Duration took) {
                        listenerMayReturn.awaitWhateverHappens();
                    }
                })
                .handler(claim -> handlerMayReturn.await())
                .build();
        try (worker) {
            worker.start();
            renewals.await();
            handlerMayReturn.open();
            listenerMayReturn.open();
            assertThat(worker.drain()).isTrue();
        }
    }

    @Test
    void aListenerMayDrainTheWorkerWithoutWaitingForItself() throws Exception {
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        AtomicReference<Worker> self = new AtomicReference<>();
        Heard heard = new Heard();
        Worker worker = Worker.builder(source)
                .drainTimeout(Duration.ofHours(1))
                .flushTimeout(Duration.ofHours(1))
                .listener(new WorkerListener() {
                    @Override
                    public void settled(Settlement settlement, Verdict verdict) {
                        drained.complete(Objects.requireNonNull(self.get()).drain());
                    }
                })
                .listener(heard)
                .handler(claim -> {})
                .build();
        self.set(worker);
        worker.start();
        assertThat(drained.get(20, SECONDS)).isTrue();
        assertThat(worker.drain()).isTrue();
        assertThat(heard.all)
                .containsExactly(
                        "RUNNING", "claimed a", "started a", "finished a", "Complete a APPLIED", "DRAINING", "STOPPED");
    }

    @Test
    void aSourceThatNeverStopsClaimingDoesNotKeepTheWorkerFromItsEnd() {
        Gate sourceMayStop = new Gate();
        Heard heard = new Heard();
        Source hanging = new ImpatientSource(source) {
            @Override
            public void stopClaiming() {
                sourceMayStop.awaitWhateverHappens();
            }
        };
        try (Worker worker = Worker.builder(hanging)
                .drainTimeout(Duration.ZERO)
                .flushTimeout(Duration.ofMillis(100))
                .listener(heard)
                .handler(claim -> {})
                .build()) {
            worker.start();
            await().until(() -> queue.backlog().scaler() == 0);
            worker.drain();
            assertThat(worker.state()).isEqualTo(Worker.State.STOPPED);
            assertThat(heard.failed).contains("stop claiming");
        } finally {
            sourceMayStop.open();
        }
    }

    @Test
    void theCallerOfADrainKnowsOfEverySettlement() {
        CountDownLatch stillTelling = new CountDownLatch(1);
        Heard heard = new Heard();
        try (Worker worker = Worker.builder(source)
                .listener(new WorkerListener() {
                    @Override
                    public void started(Claim claim) {
                        stillTelling.countDown();
                        await().until(() -> queue.backlog().scaler() == 0); // the completion is there before it is told
                    }
                })
                .listener(heard)
                .handler(claim -> {})
                .build()) {
            worker.start();
            stillTelling.await();
            worker.drain();
            assertThat(heard.settled).containsExactly("Complete a APPLIED");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
