package dev.claimant.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Backlog;
import dev.claimant.Gate;
import dev.claimant.Handler;
import dev.claimant.Message;
import dev.claimant.PermanentFailure;
import dev.claimant.RetryLater;
import dev.claimant.Worker;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Capabilities.RetryDelay;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the gauges say of a real worker that stands still in a known state. */
class GaugesTest extends MeasuredWorker {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Tags EMAILS = Tags.of("source", "emails");

    @Test
    void beforeTheStartTheBudgetsAreUnusedAndTheSlotsKnown() {
        try (Worker worker = worker(claim -> {}).slots(3).build()) {
            metrics.watch(worker);

            assertThat(gauges())
                    .isEqualTo(Map.of(
                            "ready", 0.0,
                            "slots", 3.0,
                            "running", 0.0,
                            "stuck", 0.0,
                            "waiting", 0.0,
                            "parked", 0.0,
                            "unsettled", 0.0,
                            "held", 0.0));
        }
    }

    @Test
    void eachClaimIsCountedWhereItIs() {
        InMemoryQueue queue = new InMemoryQueue(
                InMemoryQueue.allCapabilities().with(all -> all.retryDelay(RetryDelay.HELD)), System::nanoTime);
        InMemorySource source = new InMemorySource(queue);
        Gate handlersMayEnd = new Gate();
        for (int i = 1; i <= 2; i++) {
            queue.send(message("parks " + i, null));
        }
        for (int i = 1; i <= 3; i++) {
            queue.send(message("settles " + i, null));
        }
        for (int i = 1; i <= 5; i++) {
            queue.send(message("runs or waits " + i, "key"));
        }
        Handler handler = claim -> {
            if (claim.id().startsWith("parks")) {
                throw new RetryLater(LONG, "not yet");
            }
            if (claim.id().startsWith("settles")) {
                source.losesAnswers(true);
            } else {
                handlersMayEnd.await();
            }
        };
        try (Worker worker = worker(source, handler).slots(10).ordered().build()) {
            metrics.watch(worker);
            worker.start();

            await().untilAsserted(() -> assertThat(gauges())
                    .isEqualTo(Map.of(
                            "ready", 1.0,
                            "slots", 10.0,
                            "running", 1.0,
                            "stuck", 0.0,
                            "waiting", 4.0,
                            "parked", 2.0,
                            "unsettled", 3.0,
                            "held", 10.0)));
            source.losesAnswers(false);
            handlersMayEnd.open();
        }
    }

    @Test
    void aHandlerThatGoesOnAfterItWasToldToStopIsStuck() {
        Gate handlersMayEnd = new Gate();
        send("m");
        Handler handler = claim -> handlersMayEnd.awaitWhateverHappens();
        try (Worker worker = worker(handler)
                .handlerTimeout(Duration.ofMillis(1))
                .stuckTimeout(Duration.ofMillis(1))
                .build()) {
            metrics.watch(worker);
            worker.start();

            await().untilAsserted(() -> assertThat(gauges()).containsEntry("stuck", 1.0));
            handlersMayEnd.open();
            await().untilAsserted(() -> assertThat(gauges()).containsEntry("stuck", 0.0));
        }
    }

    @Test
    void theBacklogIsCountedByState() throws Exception {
        Gate others = new Gate(5);
        Gate runs = new Gate();
        Gate handlerMayEnd = new Gate();
        for (String id : List.of("delayed", "delayed", "dead", "dead", "dead", "in flight", "r1", "r2", "r3", "r4")) {
            send(id);
        }
        Handler handler = claim -> {
            if (claim.id().equals("in flight")) {
                runs.open();
                handlerMayEnd.await();
            } else if (claim.id().equals("delayed")) {
                throw new RetryLater(LONG, "not yet");
            } else {
                throw new PermanentFailure("no");
            }
        };
        try (Worker worker = worker(handler)
                .slots(1)
                .prefetch(0)
                .listener(new OnSettled(others))
                .build()) {
            worker.start();
            runs.await();
            others.await();
            metrics.watch(source, LONG);

            await().untilAsserted(() -> assertThat(gauges())
                    .isEqualTo(Map.of(
                            "backlog.scaler", 5.0,
                            "backlog.oldest", Double.NaN,
                            "backlog state=ready", 4.0,
                            "backlog state=in_flight", 1.0,
                            "backlog state=delayed", 2.0,
                            "backlog state=dead", 3.0)));
            handlerMayEnd.open();
        }
    }

    @Test
    void whatASourceAloneKnowsIsReadWithoutABacklog() {
        AtomicLong partitions = new AtomicLong(2);
        new Gauges(registry, EMAILS).ofSource(Map.of("partitions.held.back", partitions::get));
        Gauge heldBack = registry.get("claimant.source.partitions.held.back")
                .tag("source", "emails")
                .gauge();

        assertThat(heldBack.value()).isEqualTo(2);
        partitions.set(0);
        assertThat(heldBack.value()).isZero();
    }

    @Test
    void ofABacklogThatTheSourceKnowsInPartTheRestIsNaN() {
        new Gauges(registry, EMAILS)
                .ofBacklog(new BacklogSample(
                        () -> Backlog.ofScaler(5), LONG, LONG, registry.config().clock(), (operation, problem) -> {}));

        assertThat(gauges())
                .isEqualTo(Map.of(
                        "backlog.scaler", 5.0,
                        "backlog.oldest", Double.NaN,
                        "backlog state=ready", Double.NaN,
                        "backlog state=in_flight", Double.NaN,
                        "backlog state=delayed", Double.NaN,
                        "backlog state=dead", Double.NaN));
    }

    @Test
    void theBacklogOfASourceThatFailsIsNaNAndTheFailureIsCountedOnce() {
        source.unreachable(true);
        metrics.watch(source, LONG);

        assertThat(gauges())
                .containsEntry("backlog.scaler", Double.NaN)
                .containsEntry("backlog state=dead", Double.NaN);
        await().untilAsserted(() ->
                assertThat(Counted.in(registry)).isEqualTo(Map.of("source.failures operation=backlog", 1L)));
    }

    @Test
    void theGaugesGoWhenTheWorkerStopsAndTheCountsStay() throws Exception {
        Gate settled = new Gate();
        send("m");
        try (Worker worker =
                worker(claim -> {}).listener(new OnSettled(settled)).build()) {
            metrics.watch(worker).watch(source, LONG);
            worker.start();
            settled.await();
            assertThat(gauges()).hasSize(14);
        }

        assertThat(gauges()).isEmpty();
        assertThat(Counted.in(registry)).containsEntry("claimed", 1L);
    }

    @Test
    void aLaterWorkersGaugesTakeThePlaceOfOnesThatAreLeftOver() {
        try (Worker neverStarted = worker(claim -> {}).slots(3).build();
                Worker later = worker(claim -> {}).slots(5).build()) {
            metrics.watch(neverStarted);

            new WorkerMetrics(registry, "emails").watch(later);

            assertThat(gauges()).hasSize(8).containsEntry("slots", 5.0);
        }
    }

    @Test
    void anIntervalThatIsNotLongerThanZeroIsRefusedWithItsValue() {
        assertThatThrownBy(() -> metrics.watch(source, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("atMostEvery: PT0S must be longer than zero");
    }

    private Map<String, Double> gauges() {
        Map<String, Double> values = new TreeMap<>();
        registry.getMeters().forEach(meter -> {
            if (meter instanceof Gauge gauge) {
                values.put(Counted.nameOf(meter), gauge.value());
            }
        });
        return values;
    }

    private static Message message(String id, @Nullable String orderingKey) {
        return new Message(id, null, new byte[0], Map.of(), null, orderingKey);
    }
}
