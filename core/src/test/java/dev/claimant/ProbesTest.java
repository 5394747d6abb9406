package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a real worker answers to Kubernetes' probes. */
class ProbesTest {

    private final InMemoryQueue queue = new InMemoryQueue();
    private final InMemorySource source = new InMemorySource(queue);
    private final Gate handlersMayEnd = new Gate();

    @Test
    void aWorkerWhoseSourceCannotBeOpenedIsAliveAndReadyOnlyOnceItCan() throws Exception {
        source.unreachable(true);
        Gate failed = new Gate();
        Worker worker = worker(claim -> {})
                .listener(new WorkerListener() {
                    @Override
                    public void sourceFailed(String operation, Exception problem) {
                        failed.open();
                    }
                })
                .build();
        Thread running = new Thread(worker::run);
        running.start();
        failed.await();
        Probe probe = new Probe(worker);

        assertThat(probe.status("/livez")).isEqualTo(200);
        assertThat(probe.status("/readyz")).isEqualTo(503);
        source.unreachable(false);
        await().until(() -> probe.status("/readyz") == 200);

        worker.close();
        running.join();
    }

    @Test
    void aStartedWorkerIsAliveAndReady() {
        try (Worker worker = worker(claim -> {}).build()) {
            worker.start();
            Probe probe = new Probe(worker);

            assertThat(probe.get("/livez").body()).isEqualTo("alive\n");
            assertThat(probe.get("/readyz").body()).isEqualTo("ready\n");
            assertThat(probe.status("/livez")).isEqualTo(200);
            assertThat(probe.status("/readyz")).isEqualTo(200);
        }
    }

    @Test
    void aSourceThatMissesSomethingMakesTheWorkerNotReady() {
        Rig rig = Rig.standard();
        Events events = rig.engine.context.source;
        try (Health health = new Health(new Settings(), () -> null, () -> rig.engine)) {
            assertThat(health.whyNotReady()).isNull();
            events.impaired("the dead-letter queue is full");
            assertThat(health.whyNotReady()).isEqualTo("the dead-letter queue is full");
            assertThat(health.whyNotAlive()).isNull();
            events.impaired(null);
            assertThat(health.whyNotReady()).isNull();
        }
    }

    @Test
    void aSourceThatOnlyANewProcessMayHelpMakesTheWorkerNotAlive() {
        Rig rig = Rig.standard();
        Events events = rig.engine.context.source;
        try (Health health = new Health(new Settings(), () -> null, () -> rig.engine)) {
            events.broken("nothing was heard for five minutes");
            assertThat(health.whyNotAlive()).isEqualTo("nothing was heard for five minutes");
            events.broken(null);
            assertThat(health.whyNotAlive()).isNull();
        }
    }

    @Test
    void whatASourceReportsWhileItOpensHolds() {
        ImpatientSource missing = new ImpatientSource(source) {
            @Override
            public Capabilities open(Plan plan, Events events) {
                events.impaired("the dead-letter queue is missing");
                return super.open(plan, events);
            }
        };
        try (Worker worker = Worker.builder(missing).handler(claim -> {}).build()) {
            worker.start();

            assertThat(worker.whyNotReady()).hasValue("the dead-letter queue is missing");
        }
    }

    @Test
    void aJobIsReadyOnceItHasClaimed() throws Exception {
        Gate started = new Gate();
        Worker worker = worker(claim -> {
                    started.open();
                    handlersMayEnd.await();
                })
                .build();
        CompletableFuture<JobResult> result = CompletableFuture.supplyAsync(
                () -> worker.runJob(JobOptions.messages(1).idleTimeout(Duration.ofMinutes(1))));
        await().until(() -> worker.state() == Worker.State.RUNNING);
        Probe probe = new Probe(worker);

        assertThat(probe.status("/readyz")).isEqualTo(503);
        send("m");
        started.await();
        assertThat(probe.status("/readyz")).isEqualTo(200);

        handlersMayEnd.open();
        assertThat(result.get(10, TimeUnit.SECONDS).exitCode()).isZero();
    }

    @Test
    void aWorkerIsNotReadyWhileItsSourceFailsAndStaysAlive() {
        Handler handler = claim -> {
            if (claim.id().equals("outage")) {
                source.unreachable(true);
                send("ends the claim that waits");
            }
        };
        try (Worker worker = worker(handler).build()) {
            worker.start();
            Probe probe = new Probe(worker);

            send("outage");
            await().until(() -> probe.status("/readyz") == 503);
            assertThat(probe.status("/livez")).isEqualTo(200);

            source.unreachable(false);
            await().atMost(Duration.ofSeconds(5)).until(() -> probe.status("/readyz") == 200);
        }
    }

    @Test
    void aDrainingWorkerIsAliveAndNotReadyAndAStoppedOneAnswersNoMore() throws Exception {
        Gate started = new Gate();
        send("m");
        Worker worker = worker(claim -> {
                    started.open();
                    handlersMayEnd.await();
                })
                .build();
        worker.start();
        started.await();
        int port = worker.managementPort();
        Probe probe = new Probe(worker);
        Thread drain = new Thread(worker::close);
        drain.start();
        await().until(() -> worker.state() == Worker.State.DRAINING);

        assertThat(probe.status("/livez")).isEqualTo(200);
        assertThat(probe.status("/readyz")).isEqualTo(503);
        handlersMayEnd.open();
        drain.join();
        assertThatThrownBy(() -> new Socket("localhost", port).close()).isInstanceOf(IOException.class);
    }

    @Test
    void handlersThatIgnoreThatTheyWereToldToStopHaveTheWholeStuckTimeoutToReturn() throws Exception {
        Gate timedOut = new Gate();
        try (Worker worker = worker(claim -> handlersMayEnd.awaitWhateverHappens())
                .slots(1)
                .handlerTimeout(Duration.ofMillis(1))
                .flushTimeout(Duration.ofMillis(1))
                .listener(new WorkerListener() {
                    @Override
                    public void timedOut(Claim claim) {
                        timedOut.open();
                    }
                })
                .build()) {
            worker.start();
            send("m");
            timedOut.await();
            await().until(() -> worker.stats().stuck() == 0 && worker.stats().running() == 1);
            assertThat(new Probe(worker).status("/livez")).isEqualTo(200);
            assertThat(worker.isAlive()).isTrue();
            handlersMayEnd.open();
        }
    }

    @Test
    void aProbeSaysWhyNot() {
        try (Worker worker = worker(claim -> {}).build()) {
            source.unreachable(true);
            worker.startPatiently();
            assertThat(worker.whyNotReady()).contains("the source is not open yet");
            assertThat(worker.isReady()).isFalse();
            assertThat(new Probe(worker).get("/readyz").body()).isEqualTo("not ready: the source is not open yet\n");
            source.unreachable(false);
            await().until(worker::isReady);
            assertThat(worker.whyNotReady()).isEmpty();
            assertThat(worker.whyNotAlive()).isEmpty();
        }
    }

    @Test
    void anErrorFromTheMetricsIsAnAnswer() {
        try (Worker worker = worker(claim -> {})
                .metrics(() -> {
                    throw new NoSuchMethodError("another Micrometer");
                })
                .build()) {
            worker.start();
            assertThat(new Probe(worker).status("/metrics")).isEqualTo(500);
        }
    }

    @Test
    void anErrorFromTheSourceThatOpensLeavesNoServerBehind() {
        Worker worker = Worker.builder(new ImpatientSource(source) {
                    @Override
                    public Capabilities open(Plan plan, Events events) {
                        throw new NoClassDefFoundError("a pool");
                    }
                })
                .managementPort(0)
                .handler(claim -> {})
                .build();
        assertThatThrownBy(worker::start).isInstanceOf(NoClassDefFoundError.class);
        assertThat(worker.managementPort()).isEqualTo(-1);
    }

    @Test
    void aPausedWorkerClaimsNothingFinishesWhatItHoldsAndStaysReady() throws Exception {
        Gate started = new Gate();
        try (Worker worker = worker(claim -> {
                    started.open();
                    handlersMayEnd.await();
                })
                .slots(1)
                .prefetch(0)
                .build()) {
            send("first");
            worker.start();
            started.await();
            worker.pause();
            send("second");
            handlersMayEnd.open();
            await().until(() -> worker.stats().held() == 0);
            assertThat(new Probe(worker).status("/readyz")).isEqualTo(200);
            assertThat(queue.backlog().ready()).hasValue(1);
            worker.resume();
            await().until(() -> queue.backlog().scaler() == 0);
        }
    }

    @Test
    void aWorkerIsNotAliveWhenAListenerIsStuckForTooLong() {
        int more = PendingEvents.MOST_UNTOLD;
        for (int i = 0; i < more; i++) {
            send("m" + i);
        }
        Gate listenerMayReturn = new Gate();
        try (Worker worker = worker(claim -> {})
                .stuckTimeout(Duration.ofMillis(50))
                .listener(new WorkerListener() {
                    @Override
                    public void settled(Settlement settlement, Verdict verdict) {
                        listenerMayReturn.awaitWhateverHappens();
                    }
                })
                .build()) {
            worker.start();
            Probe probe = new Probe(worker);

            await().until(() -> probe.status("/livez") == 503);
            assertThat(probe.get("/livez").body()).startsWith("not alive: a listener has not returned");
            listenerMayReturn.open();
            await().until(() -> probe.status("/livez") == 200 && queue.backlog().scaler() == 0);
        }
    }

    @Test
    void aWorkerIsNotAliveWhenOneHandlerIsStuckForTooLong() {
        send("m");
        try (Worker worker = worker(claim -> handlersMayEnd.awaitWhateverHappens())
                .handlerTimeout(Duration.ofMillis(1))
                .stuckTimeout(Duration.ofMillis(50))
                .build()) {
            worker.start();
            Probe probe = new Probe(worker);

            await().until(() -> probe.status("/livez") == 503);
            assertThat(probe.get("/livez").body()).startsWith("not alive: 1 of 10 handlers");
            handlersMayEnd.open();
            await().until(() -> probe.status("/livez") == 200);
        }
    }

    private WorkerBuilder worker(Handler handler) {
        return Worker.builder(source).handler(handler).managementPort(0);
    }

    private void send(String id) {
        queue.send(Message.of(id, ""));
    }
}
