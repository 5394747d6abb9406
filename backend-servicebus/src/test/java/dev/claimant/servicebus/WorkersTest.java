package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.JobOptions;
import dev.claimant.Worker;
import dev.claimant.contract.Sending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whole workers on the source. */
class WorkersTest {

    private static void send(TestEntity entity, String text) {
        entity.send(new Sending(text.getBytes(StandardCharsets.UTF_8), Map.of(), null));
    }

    @Test
    void aJobHandlesItsMessageAndEnds() {
        try (TestEntity entity = new TestEntity(null)) {
            send(entity, "one");
            Set<String> handled = ConcurrentHashMap.newKeySet();
            try (ServiceBusSource source = ServiceBusSource.of(entity.config().build());
                    Worker worker = Worker.builder(source)
                            .handler(claim -> handled.add(claim.text()))
                            .build()) {
                assertThat(worker.runJob(JobOptions.messages(1)).exitCode()).isZero();
            }
            assertThat(handled).containsExactly("one");
            assertThat(entity.server.counts(entity.path()).active()).isZero();
        }
    }

    @Test
    void twoWorkersShareMessagesWhileConnectionsBreak() {
        int count = 60;
        try (TestEntity entity = new TestEntity("billing")) {
            for (int i = 0; i < count; i++) {
                send(entity, "m" + i);
            }
            Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();
            AtomicInteger calls = new AtomicInteger();
            try (ServiceBusSource one = ServiceBusSource.of(entity.config().build());
                    ServiceBusSource two = ServiceBusSource.of(entity.config().build());
                    Worker first = worker(one, handled, calls);
                    Worker second = worker(two, handled, calls)) {
                first.start();
                second.start();
                await().atMost(TestEntity.PATIENCE).until(() -> calls.get() >= 5);
                entity.server.dropConnections();
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> {
                            // What was on its way to a client when its connection broke stays locked for nobody until
                            // its lock ends.
                            entity.server.advance(Duration.ofSeconds(10));
                            return entity.server.counts(entity.path()).active() == 0;
                        });
            }
            assertThat(handled).hasSize(count);
            assertThat(entity.server.counts(entity.path()).deadLetter()).isZero();
        }
    }

    private static Worker worker(ServiceBusSource source, Map<String, AtomicInteger> handled, AtomicInteger calls) {
        return Worker.builder(source)
                .slots(4)
                .handler(claim -> {
                    calls.incrementAndGet();
                    handled.computeIfAbsent(claim.text(), text -> new AtomicInteger())
                            .incrementAndGet();
                })
                .build();
    }
}
