package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Claim;
import dev.claimant.RetryPolicy;
import dev.claimant.Worker;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Twenty sessions of fifty messages, handlers that fail, and workers that come and go: each session in its order, and nothing dead. */
class SessionOrderTest {

    private static final int SESSIONS = 20;
    private static final int MESSAGES = 50;

    /** How many messages of each session are done; a message that begins before its predecessor is done is noted. */
    private final Map<String, Integer> done = new ConcurrentHashMap<>();

    private final Queue<String> overtaking = new ConcurrentLinkedQueue<>();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    private void handle(Claim claim) {
        String session = String.valueOf(claim.message().orderingKey());
        int number = Integer.parseInt(claim.text());
        if (number > done.getOrDefault(session, 0)) {
            overtaking.add(session + " " + number + " began when " + done.get(session) + " were done");
        }
        if (number % 7 == 3 && failed.add(session + number)) {
            throw new IllegalStateException("the first try of every seventh message");
        }
        done.merge(session, number + 1, Math::max);
    }

    private int doneInAll() {
        return done.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void orderIsKeptWhileWorkersJoinAndLeave() {
        try (TestEntity entity = new TestEntity(null, TestEntity.OPTIONS.requireSession())) {
            entity.sendAll(IntStream.range(0, MESSAGES)
                    .boxed()
                    .flatMap(number -> IntStream.range(0, SESSIONS)
                            .mapToObj(session -> new ServiceBusMessage(number.toString()).setSessionId("s" + session)))
                    .toList());
            try (ServiceBusSource first = ServiceBusSource.of(entity.config().build());
                    ServiceBusSource second =
                            ServiceBusSource.of(entity.config().build());
                    ServiceBusSource third = ServiceBusSource.of(entity.config().build());
                    Worker one = worker(first);
                    Worker two = worker(second);
                    Worker three = worker(third)) {
                one.start();
                awaitDone(SESSIONS * MESSAGES / 5);
                two.start();
                awaitDone(SESSIONS * MESSAGES * 2 / 5);
                one.drain();
                three.start();
                awaitDone(SESSIONS * MESSAGES * 3 / 5);
                two.drain();
                awaitDone(SESSIONS * MESSAGES);
                await().atMost(TestEntity.PATIENCE)
                        .until(() -> entity.server.counts(entity.path()).active() == 0);
            }
            assertThat(overtaking).isEmpty();
            assertThat(failed).hasSize(SESSIONS * 7);
            assertThat(entity.server.counts(entity.path()).deadLetter()).isZero();
        }
    }

    private void awaitDone(int count) {
        await().atMost(Duration.ofMinutes(3)).until(() -> doneInAll() >= count);
    }

    private Worker worker(ServiceBusSource source) {
        return Worker.builder(source)
                .slots(8)
                .ordered()
                .retry(RetryPolicy.exponential()
                        .firstDelay(Duration.ofMillis(5))
                        .maxAttempts(5))
                .handler(this::handle)
                .build();
    }
}
