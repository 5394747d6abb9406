package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Worker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server goes away again and again, under workers that go on: nothing is lost, and nothing dies of it. 10,000 messages: {@code bin/soak servicebus}. */
@Execution(ExecutionMode.CONCURRENT)
class RestartsTest {

    private static final int MESSAGES = Integer.getInteger("claimant.servicebus.messages", 400);
    private static final int RESTARTS = Integer.getInteger("claimant.servicebus.kills", 3);

    private static final Duration WHOLE = Duration.ofMinutes(10);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(20 * 60)
    void nothingIsLostWhenTheServerRestarts(boolean sessions) {
        try (TestEntity entity =
                new TestEntity(null, sessions ? TestEntity.OPTIONS.requireSession() : TestEntity.OPTIONS)) {
            entity.sendAll(IntStream.range(0, MESSAGES)
                    .mapToObj(i -> new ServiceBusMessage("m" + i).setSessionId("s" + i % 50))
                    .toList());
            Set<String> handled = ConcurrentHashMap.newKeySet();
            try (ServiceBusSource source = ServiceBusSource.of(entity.config().build());
                    Worker worker = Worker.builder(source)
                            .slots(8)
                            .handler(claim -> handled.add(claim.text()))
                            .build()) {
                worker.start();
                for (int restart = 1; restart <= RESTARTS; restart++) {
                    int enough = restart * MESSAGES / (RESTARTS + 2);
                    await().atMost(WHOLE).until(() -> handled.size() >= enough);
                    entity.server.pause();
                    entity.server.resume();
                }
                await().atMost(WHOLE).pollInterval(Duration.ofSeconds(1)).until(() -> {
                    // What was on its way to the client stays locked for nobody until its lock ends.
                    entity.server.advance(Duration.ofSeconds(10));
                    return entity.server.counts(entity.path()).active() == 0;
                });
            }
            assertThat(handled).hasSize(MESSAGES);
            assertThat(entity.server.counts(entity.path()).deadLetter()).isZero();
            System.out.printf(
                    "restarted the server (%s) %d times: %d messages, 0 lost%n",
                    sessions ? "sessions" : "queue", RESTARTS, MESSAGES);
        }
    }
}
