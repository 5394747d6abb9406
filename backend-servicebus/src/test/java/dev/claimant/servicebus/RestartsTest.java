package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Worker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server goes away again and again, under workers that go on: nothing is lost, and nothing dies of it. */
@Execution(ExecutionMode.CONCURRENT)
class RestartsTest {

    private static final int MESSAGES = 400;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
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
                for (int restart = 1; restart <= 3; restart++) {
                    int enough = restart * MESSAGES / 5;
                    await().atMost(Duration.ofMinutes(2)).until(() -> handled.size() >= enough);
                    entity.server.pause();
                    entity.server.resume();
                }
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> {
                            // What was on its way to the client stays locked for nobody until its lock ends.
                            entity.server.advance(Duration.ofSeconds(10));
                            return entity.server.counts(entity.path()).active() == 0;
                        });
            }
            assertThat(handled).hasSize(MESSAGES);
            assertThat(entity.server.counts(entity.path()).deadLetter()).isZero();
        }
    }
}
