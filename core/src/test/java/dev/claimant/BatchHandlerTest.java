package dev.claimant;

import static dev.claimant.BatchRig.VERY_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.memory.InMemoryIdempotencyStore;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

/** Batches: who is in one, and that each message of it has its own lock, time and result. */
class BatchHandlerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Gate began = new Gate();
    private final Gate go = new Gate();
    private volatile boolean interrupted;

    /** Begins, and goes on when the test or an interrupt says so. */
    private void work(Batch batch) throws InterruptedException {
        began.open();
        try {
            go.await();
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        }
    }

    @Test
    void aFullBatchBeginsAtOnce() {
        BatchRig rig = new BatchRig(3, VERY_LONG, settings -> {}, batch -> {});
        rig.begin("a", "b", "c");
        rig.returned("a", "b", "c");
        assertThat(rig.batches).containsExactly(List.of("a", "b", "c"));
        assertThat(rig.rig.asked.settled()).containsExactly("Complete a, Complete b, Complete c");
    }

    @Test
    void oneThatIsNotFullBeginsWhenItsTimeIsUp() {
        BatchRig rig = new BatchRig(3, Duration.ofMillis(1), settings -> {}, batch -> {});
        rig.begin("a");
        rig.returned("a");
        assertThat(rig.batches).containsExactly(List.of("a"));
    }

    @Test
    void eachMessageEndsByItsOwnResult() {
        BatchRig rig = new BatchRig(5, VERY_LONG, settings -> {}, batch -> {
            batch.complete(claim(batch, "done"));
            batch.fail(claim(batch, "failed"), new IllegalStateException("no"));
            batch.fail(claim(batch, "given up"), new PermanentFailure("wrong"));
            batch.fail(claim(batch, "known"), new AlreadyDone("yesterday"));
            assertThat(batch.failures()).hasSize(3);
        });
        rig.begin("done", "failed", "given up", "known", "the rest");
        rig.returned("done", "failed", "given up", "known", "the rest");
        assertThat(rig.rig.heard.settled)
                .containsExactlyInAnyOrder(
                        "Complete done APPLIED",
                        "Retry failed APPLIED",
                        "DeadLetter given up APPLIED",
                        "Complete known APPLIED",
                        "Complete the rest APPLIED");
        assertThat(rig.slotOf("failed").failure).hasMessage("no");
    }

    @Test
    void whatTheBatchThrowsIsTheResultOfAllThatHaveNone() {
        BatchRig rig = new BatchRig(3, VERY_LONG, settings -> {}, batch -> {
            batch.complete(claim(batch, "a"));
            throw new IllegalStateException("the rest failed");
        });
        rig.begin("a", "b", "c");
        rig.returned("a", "b", "c");
        assertThat(rig.rig.heard.settled)
                .containsExactlyInAnyOrder("Complete a APPLIED", "Retry b APPLIED", "Retry c APPLIED");
    }

    @Test
    void aMessageWithItsResultIsSettledWhileTheBatchGoesOn() throws Exception {
        BatchRig rig = new BatchRig(2, VERY_LONG, settings -> {}, batch -> {
            batch.complete(claim(batch, "a"));
            work(batch);
        });
        rig.begin("a", "b");
        rig.returned("a");
        assertThat(rig.rig.heard.settled).containsExactly("Complete a APPLIED");
        assertThat(rig.rig.stats().running()).isEqualTo(1);
        go.open();
        rig.returned("b");
    }

    @Test
    void theFirstResultOfAMessageStands() {
        Claim claim = Claim.of(Message.of("a", ""));
        Batch batch = Batch.of(List.of(claim));
        batch.fail(claim, new IllegalStateException("first"));
        batch.complete(claim);
        assertThat(batch.failures()).containsOnlyKeys(claim);
        assertThatThrownBy(() -> batch.complete(Claim.of(Message.of("x", ""))))
                .hasMessageContaining("x")
                .hasMessageContaining("not in this batch");
    }

    @Test
    void aLostLockIsToldToItsMessageAloneAndTheOthersGoOn() throws Exception {
        BatchRig rig = new BatchRig(3, VERY_LONG, settings -> {}, this::work);
        rig.begin("a", "b", "c");
        began.await();
        rig.rig.engine.lost(List.of(rig.slotOf("b").claim()));
        rig.interrupt();
        assertThat(rig.slotOf("b").claim().lockLost()).isTrue();
        assertThat(rig.slotOf("a").claim().stopAsked()).isFalse();
        go.open();
        rig.returned("a", "b", "c");
        assertThat(interrupted).isFalse();
        assertThat(rig.rig.heard.settled).containsExactlyInAnyOrder("Complete a APPLIED", "Complete c APPLIED");
        assertThat(rig.rig.heard.lost).containsExactly("b");
    }

    @Test
    void aBatchWithoutAnyLockLeftIsInterrupted() throws Exception {
        BatchRig rig = new BatchRig(2, VERY_LONG, settings -> {}, this::work);
        rig.begin("a", "b");
        began.await();
        rig.rig.engine.lost(List.of(rig.slotOf("a").claim(), rig.slotOf("b").claim()));
        rig.interrupt();
        rig.returned("a", "b");
        assertThat(interrupted).isTrue();
        assertThat(rig.rig.heard.settled).isEmpty();
    }

    @Test
    void aBatchIsInterruptedWhenItsLastMessageWithALockHasItsResult() throws Exception {
        Gate othersAreLost = new Gate();
        BatchRig rig = new BatchRig(2, VERY_LONG, settings -> {}, batch -> {
            began.open();
            othersAreLost.await();
            batch.complete(claim(batch, "a"));
            work(batch);
        });
        rig.begin("a", "b");
        began.await();
        rig.rig.engine.lost(List.of(rig.slotOf("b").claim()));
        rig.interrupt();
        othersAreLost.open();
        rig.returned("a", "b");
        assertThat(interrupted).isTrue();
        assertThat(rig.rig.heard.settled).containsExactly("Complete a APPLIED");
    }

    @Test
    void aBatchWhoseMessagesAllHaveResultsIsNotInterrupted() throws Exception {
        Gate oneIsLost = new Gate();
        BatchRig rig = new BatchRig(2, VERY_LONG, settings -> {}, batch -> {
            began.open();
            oneIsLost.await();
            batch.claims().stream().filter(Claim::lockLost).forEach(batch::complete); // else it alone would be left
            batch.claims().forEach(batch::complete);
            interrupted = Thread.currentThread().isInterrupted();
        });
        rig.begin("a", "b");
        began.await();
        rig.rig.engine.lost(List.of(rig.slotOf("a").claim()));
        rig.interrupt();
        oneIsLost.open();
        rig.returned("a", "b");
        assertThat(interrupted).isFalse();
    }

    @Test
    void whatTookTooLongIsInterruptedOnceAndSettledAfterItHasReturned() throws Exception {
        Gate cleanedUp = new Gate();
        BatchRig rig = new BatchRig(2, Duration.ofSeconds(1), settings -> settings.handlerTimeout = TIMEOUT, batch -> {
            try {
                work(batch);
            } catch (InterruptedException e) {
                cleanedUp.await(); // a second interrupt would end this
                throw e;
            }
        });
        rig.begin("a", "b");
        began.await();
        rig.rig.advance(TIMEOUT);
        rig.rig.tick();
        rig.interrupt();
        await().until(() -> interrupted);
        assertThat(rig.slotOf("a").returned || rig.slotOf("b").returned).isFalse();
        cleanedUp.open();
        rig.returned("a", "b");
        assertThat(rig.rig.heard.timedOut).containsExactlyInAnyOrder("a", "b");
        assertThat(rig.rig.heard.settled).containsExactlyInAnyOrder("Retry a APPLIED", "Retry b APPLIED");
        assertThat(rig.slotOf("a").failure).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aMessageThatIsToldToStopWhileItWaitsLeavesTheBatch() {
        BatchRig rig = new BatchRig(2, VERY_LONG, settings -> {}, batch -> {});
        rig.begin("a");
        rig.rig.engine.lost(List.of(rig.slotOf("a").claim()));
        rig.interrupt();
        rig.returned("a");
        assertThat(rig.batches).isEmpty();
        assertThat(rig.rig.heard.lost).containsExactly("a");
    }

    @Test
    void aDrainBeginsTheOpenBatchWithWhatHasJoined() {
        BatchRig rig = new BatchRig(3, VERY_LONG, settings -> {}, batch -> {});
        rig.begin("a", "b");
        rig.rig.engine.drain.begin();
        rig.returned("a", "b");
        assertThat(rig.batches).containsExactly(List.of("a", "b"));
        assertThat(rig.rig.heard.settled).containsExactlyInAnyOrder("Complete a APPLIED", "Complete b APPLIED");
        assertThat(rig.rig.drainIsOver()).isTrue();
    }

    @Test
    void theLastBatchOfAJobWaitsForThoseThatStillGetASlot() {
        BatchRig rig = new BatchRig(4, VERY_LONG, settings -> settings.job = JobOptions.messages(3), batch -> {});
        rig.rig.send("a", "b", "c");
        rig.rig.claim();
        rig.start();
        assertThat(rig.rig.waiting()).containsExactly("b", "c");
        rig.startAll();
        rig.returned("a", "b", "c");
        assertThat(rig.batches).containsExactly(List.of("a", "b", "c"));
    }

    @Test
    void inADrainABatchWaitsForRunningHandlersThatMayStillJoinAndBeginsWhenTheyDoNot() {
        BatchRig rig = new BatchRig(3, VERY_LONG, settings -> {}, batch -> {});
        rig.begin("a");
        rig.rig.send("b");
        rig.rig.claim();
        Execution doesNotJoin = rig.rig.start();
        rig.rig.engine.drain.begin();
        assertThat(rig.batches).isEmpty();
        rig.rig.succeed(doesNotJoin);
        rig.returned("a");
        assertThat(rig.batches).containsExactly(List.of("a"));
    }

    @Test
    void theLastBatchOfAJobBeginsAtOnce() {
        BatchRig rig = new BatchRig(3, VERY_LONG, settings -> settings.job = JobOptions.messages(5), batch -> {});
        rig.begin("a", "b", "c", "d", "e", "of another Job");
        rig.returned("a", "b", "c", "d", "e");
        assertThat(rig.batches).extracting(List::size).containsExactlyInAnyOrder(3, 2);
        assertThat(rig.rig.heard.settled).hasSize(5);
    }

    @Test
    void aJobThatHasFoundNothingForLongEnoughBeginsItsLastBatch() {
        JobOptions job = JobOptions.messages(5).idleTimeout(Duration.ofSeconds(3));
        BatchRig rig = new BatchRig(3, VERY_LONG, settings -> settings.job = job, batch -> {});
        rig.begin("a", "b");
        rig.rig.advance(Duration.ofSeconds(3));
        rig.rig.claim();
        rig.returned("a", "b");
        assertThat(rig.batches).containsExactly(List.of("a", "b"));
    }

    @Test
    void theLastBatchOfAJobDoesNotWaitForWhatWaitsForIt() {
        JobOptions job = JobOptions.messages(2);
        BatchRig rig = new BatchRig(
                3,
                VERY_LONG,
                settings -> {
                    settings.ordered = true;
                    settings.job = job;
                },
                batch -> {});
        for (String id : List.of("k1", "k2")) {
            rig.rig.queue.send(new Message(id, null, new byte[0], Map.of(), null, "k"));
        }
        rig.startAll();
        rig.returned("k1");
        rig.startAll();
        rig.returned("k2");
        assertThat(rig.batches).containsExactly(List.of("k1"), List.of("k2"));
    }

    @Test
    void aDrainWaitsForABatchAndThenInterruptsItAndHandsItsMessagesBack() throws Exception {
        BatchRig rig = new BatchRig(2, VERY_LONG, settings -> {}, this::work);
        rig.begin("a", "b");
        began.await();
        rig.rig.engine.drain.begin();
        assertThat(rig.rig.drainIsOver()).isFalse();
        assertThat(rig.rig.stats().running()).isEqualTo(2);
        rig.rig.advance(Duration.ofSeconds(20));
        assertThat(rig.rig.drainIsOver()).isFalse();
        rig.interrupt();
        rig.returned("a", "b");
        assertThat(interrupted).isTrue();
        assertThat(rig.rig.heard.settled).containsExactlyInAnyOrder("Release a APPLIED", "Release b APPLIED");
        assertThat(rig.rig.drainIsOver()).isTrue();
        assertThat(rig.rig.another(settings -> {}).claimAll())
                .allMatch(claim -> claim.attempt() == 1)
                .hasSize(2);
    }

    @Test
    void allMessagesOfABatchAreRenewed() throws Exception {
        BatchRig rig = new BatchRig(3, VERY_LONG, settings -> {}, this::work);
        rig.begin("a", "b", "c");
        began.await();
        rig.rig.advance(Duration.ofSeconds(10));
        assertThat(rig.rig.renew()).isEqualTo(3);
        go.open();
        rig.returned("a", "b", "c");
    }

    @Test
    void ofAnOrderingKeyOneMessageIsInABatchAndTheNextInALaterOne() {
        BatchRig rig = new BatchRig(3, Duration.ofMillis(1), settings -> settings.ordered = true, batch -> {});
        for (String id : List.of("k1", "k2")) {
            rig.rig.queue.send(new Message(id, null, new byte[0], Map.of(), null, "k"));
        }
        rig.begin("free");
        rig.returned("k1", "free");
        rig.startAll();
        rig.returned("k2");
        assertThat(rig.batches.stream().flatMap(List::stream)).containsExactlyInAnyOrder("k1", "free", "k2");
        assertThat(rig.batches.get(rig.batches.size() - 1)).containsExactly("k2");
    }

    @Test
    void aDecoratorRunsForEachMessageBeforeItJoinsABatch() throws Exception {
        IdempotencyStore store = new InMemoryIdempotencyStore();
        store.begin("old", "m0", "earlier");
        store.complete("old", "earlier");
        List<String> handled = new CopyOnWriteArrayList<>();
        Handler batches = Handler.batching(
                10, Duration.ofMillis(1), batch -> batch.claims().forEach(claim -> handled.add(claim.id())));
        Handler once = Handler.idempotent(store, batches);
        assertThat(once.batchSize()).isEqualTo(10);
        once.handle(Claim.of(message("m1", "new")));
        assertThatThrownBy(() -> once.handle(Claim.of(message("m2", "old")))).isInstanceOf(AlreadyDone.class);
        assertThat(handled).containsExactly("m1");
    }

    @Test
    void codeAroundABatchHandlerRunsForEachMessageAndKeepsTheBatches() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Handler batches = Handler.batching(
                        6,
                        VERY_LONG,
                        batch -> seen.add("a batch of " + batch.claims().size()))
                .around((claim, inner) -> {
                    inner.handle(claim);
                    seen.add(claim.id());
                });
        InMemoryQueue queue = new InMemoryQueue();
        for (int i = 0; i < 6; i++) {
            queue.send(Message.of("m" + i, ""));
        }

        try (Worker worker =
                Worker.builder(new InMemorySource(queue)).handler(batches).build()) {
            worker.start();
            await().until(() -> seen.size() == 7);
            assertThat(worker.stats().slots()).isEqualTo(12);
        }

        assertThat(seen).startsWith("a batch of 6").contains("m0", "m5");
    }

    @Test
    void aHandlerThatHidesTheSizeOfItsBatchesIsNamedOnTheLog() {
        InMemoryQueue queue = new InMemoryQueue();
        queue.send(Message.of("a", ""));
        Handler batches = Handler.batching(50, Duration.ofMillis(1), batch -> {});
        Handler hiding = claim -> {
            batches.handle(claim);
            assertThat(claim.lockLost()).isFalse();
        };
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try (Worker worker =
                Worker.builder(new InMemorySource(queue)).handler(hiding).build()) {
            worker.runJob(JobOptions.messages(1));
        } finally {
            System.setErr(before);
        }

        assertThat(logged.toString(StandardCharsets.UTF_8))
                .contains("No batch of 50 fills in a worker with 10 slots", "Handler.around keeps it.");
    }

    @Test
    void withoutAThreadForABatchItsMessagesStayUntried() {
        ThreadFactory none = task -> {
            throw new OutOfMemoryError("no thread");
        };
        Handler batches = new BatchGatherer(2, VERY_LONG, batch -> {}, none);
        assertThatThrownBy(() -> batches.handle(Claim.of(Message.of("a", ""))))
                .isInstanceOfSatisfying(
                        RetryLater.class, later -> assertThat(later.isUntried()).isTrue())
                .hasRootCauseMessage("no thread");
    }

    @Test
    void aJobWorksOffItsMessagesInBatches() {
        InMemoryQueue queue = new InMemoryQueue();
        for (int i = 0; i < 7; i++) {
            queue.send(Message.of("m" + i, ""));
        }
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        Handler batches =
                Handler.batching(3, VERY_LONG, batch -> sizes.add(batch.claims().size()));
        try (Worker worker =
                Worker.builder(new InMemorySource(queue)).handler(batches).build()) {
            JobResult result = worker.runJob(JobOptions.messages(5));
            assertThat(result.exitCode()).isZero();
            assertThat(result.completed()).isEqualTo(5);
        }
        assertThat(sizes).allMatch(size -> size <= 3);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(5);
        assertThat(queue.backlog().scaler()).isEqualTo(2);
    }

    @Test
    void theWorkerHasASlotForEachMessageOfTwoBatches() {
        InMemorySource source = new InMemorySource(new InMemoryQueue());
        Handler batches = Handler.batching(100, Duration.ofSeconds(5), batch -> {});
        try (Worker worker = Worker.builder(source).handler(batches).build()) {
            worker.start();
            assertThat(worker.stats().slots()).isEqualTo(200);
        }
        assertThatThrownBy(() -> Worker.builder(source)
                        .slots(50)
                        .handlerTimeout(TIMEOUT)
                        .handler(batches)
                        .build())
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        wrong -> assertThat(wrong.problems())
                                .containsExactly(
                                        "slots: 50 must be at least 100, the size of a batch",
                                        "handlerTimeout: PT5S must be longer than PT5S, the time that a message may wait for its batch"));
        assertThatThrownBy(() -> Handler.batching(0, Duration.ofSeconds(-1), batch -> {}))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        wrong -> assertThat(wrong.problems())
                                .containsExactly(
                                        "batchSize: 0 must be at least 1", "batchWait: PT-1S must not be negative"));
    }

    private static Message message(String id, String idempotencyKey) {
        return new Message(id, idempotencyKey, new byte[0], Map.of(), null, null);
    }

    private static Claim claim(Batch batch, String id) {
        return batch.claims().stream()
                .filter(claim -> claim.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
