package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Worker;
import dev.claimant.contract.Wire;
import dev.claimant.servicebusserver.EntityOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Credit cannot be recalled, so what arrives after a stop has to go back. Workers stop while messages stream to them: half a lock later none is
 * locked, and none is lost. Two hundred stops: {@code bin/soak servicebus}.
 */
@Execution(ExecutionMode.CONCURRENT)
class StopsTest {

    private static final int STOPS = Integer.getInteger("claimant.servicebus.stops", 24);
    private static final int AT_ONCE = 8;
    private static final int MESSAGES = 40 * STOPS;

    /** So long that no lock runs out before the end, by which it would be taken for handed back. */
    private static final Duration LOCK = Duration.ofHours(1);

    private static final EntityOptions OPTIONS =
            TestEntity.OPTIONS.lockDuration(LOCK).maxDeliveryCount(1_000);

    private static final String QUESTION = "peek-message";

    private final AtomicInteger handled = new AtomicInteger();

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void workersThatStopUnderLoadLeaveNothingLocked() throws Exception {
        try (TestEntity entity = new TestEntity(null, OPTIONS)) {
            entity.sendAll(IntStream.range(0, MESSAGES)
                    .mapToObj(i -> new ServiceBusMessage("m" + i))
                    .collect(Collectors.toList()));
            ExecutorService stopping = Executors.newFixedThreadPool(AT_ONCE);
            try {
                List<Callable<Void>> stops = IntStream.range(0, STOPS)
                        .<Callable<Void>>mapToObj(i -> () -> stop(entity))
                        .toList();
                for (Future<Void> stop : stopping.invokeAll(stops)) {
                    stop.get();
                }
            } finally {
                stopping.shutdown();
            }
            entity.server.advance(LOCK.dividedBy(2));
            assertThat(entity.server.locked(entity.path())).isZero();
            assertThat(entity.server.counts(entity.path()).active() + handled.get())
                    .isEqualTo(MESSAGES);
            System.out.printf(
                    "handled %d of %d messages in %d workers, and left none locked%n", handled.get(), MESSAGES, STOPS);
        }
    }

    /** However long it takes: a silence says nothing on a slow machine. */
    @Test
    void aMessageThatIsOnItsWayAtAStopGoesBack() throws Exception {
        try (TestEntity entity = new TestEntity(null, OPTIONS);
                Wire wire = Wire.to("127.0.0.1", entity.server.port())) {
            ServiceBusSource source = ServiceBusSource.of(entity.config(wire.port(), entity.server.adminPort())
                    .silence(Duration.ofMinutes(5)) // no other question
                    .requestTimeout(TestEntity.PATIENCE)
                    .build());
            Worker worker = Worker.builder(source)
                    .slots(4)
                    .handler(claim -> handled.incrementAndGet())
                    .build();
            worker.start();
            entity.sendAll(List.of(new ServiceBusMessage("handled"))); // which does not look for it: it may be gone
            await().atMost(TestEntity.PATIENCE)
                    .until(() -> entity.server.counts(entity.path()).active() == 0);

            wire.hold();
            entity.sendAll(List.of(new ServiceBusMessage("on its way")));
            await().atMost(TestEntity.PATIENCE).until(() -> entity.server.locked(entity.path()) == 1);
            int asked = entity.server.faults().seen(QUESTION);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
                worker.close();
                source.close();
            });
            await().atMost(TestEntity.PATIENCE)
                    .until(() -> entity.server.faults().seen(QUESTION) > asked);
            wire.letGo();
            closed.get(TestEntity.PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(entity.server.locked(entity.path())).isZero();
            assertThat(entity.server.counts(entity.path()).active()).isOne();
            assertThat(handled).hasValue(1);
        }
    }

    private Void stop(TestEntity entity) {
        AtomicInteger mine = new AtomicInteger();
        try (ServiceBusSource source = ServiceBusSource.of(entity.config().build());
                Worker worker = Worker.builder(source)
                        .slots(4)
                        .prefetch(8)
                        .handler(claim -> mine.incrementAndGet())
                        .build()) {
            worker.start();
            await().atMost(TestEntity.PATIENCE)
                    .until(() -> mine.get() > 0
                            || entity.server.counts(entity.path()).active() == 0);
            worker.drain();
        }
        handled.addAndGet(mine.get());
        return null;
    }
}
