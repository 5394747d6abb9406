package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.models.SubQueue;
import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Worker;
import dev.claimant.memory.InMemoryIdempotencyStore;
import dev.claimant.servicebusserver.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The server's process is killed again and again under workers, and started on what it had on disk: no message is lost, and with an
 * idempotency store each effect happens once. 10,000 messages: {@code bin/soak servicebus}.
 */
@Execution(ExecutionMode.CONCURRENT)
class KilledServerTest {

    private static final int MESSAGES = Integer.getInteger("claimant.servicebus.messages", 1_000);
    private static final int KILLS = Integer.getInteger("claimant.servicebus.kills", 2);
    private static final String KEY = "k";
    private static final Duration WHOLE = Duration.ofMinutes(15);

    @TempDir
    Path directory;

    private final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();
    private final AtomicInteger handled = new AtomicInteger();
    /** Every time that a message came again. */
    private final Queue<Claim> again = new ConcurrentLinkedQueue<>();

    private final Map<String, Boolean> seen = new ConcurrentHashMap<>();

    private Handler handler() {
        Handler effect = Handler.idempotent(
                new InMemoryIdempotencyStore(),
                claim -> effects.computeIfAbsent(claim.text(), text -> new AtomicInteger())
                        .incrementAndGet());
        return claim -> {
            handled.incrementAndGet();
            if (seen.put(claim.text(), true) != null) {
                again.add(claim);
            }
            effect.handle(claim);
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(20 * 60)
    void nothingIsLostWhenTheServersProcessIsKilled(boolean sessions) {
        String kind = sessions ? "sessions" : "queue";
        try (ServerProcess server =
                ServerProcess.start(directory, kind, "orders", "10", "100", "key", KEY, KEY, "MANAGE")) {
            ServiceBusClientBuilder hands = new ServiceBusClientBuilder().connectionString(connection(server));
            send(hands);
            Handler handler = handler();
            try (ServiceBusSource one = source(server, sessions);
                    ServiceBusSource two = source(server, sessions);
                    Worker first = Worker.builder(one).slots(8).handler(handler).build();
                    Worker second =
                            Worker.builder(two).slots(8).handler(handler).build()) {
                first.start();
                second.start();
                for (int kill = 1; kill <= KILLS; kill++) {
                    int enough = MESSAGES * kill / (KILLS + 1);
                    await().atMost(WHOLE).until(() -> handled.get() >= enough);
                    server.kill();
                    server.startAgain();
                }
                await().atMost(WHOLE).until(() -> effects.size() == MESSAGES && isEmpty(hands, null));
            }
            assertThat(effects.values()).extracting(AtomicInteger::get).containsOnly(1);
            assertThat(isEmpty(hands, SubQueue.DEAD_LETTER_QUEUE)).isTrue();
            if (!sessions) { // a session ends with its connection, and what was locked comes again uncounted
                assertThat(again)
                        .as("a message comes again only when its lock has run out, which counts as a delivery")
                        .allMatch(claim -> claim.attempt() > 1);
            }
        }
        System.out.printf(
                "killed the server (%s) %d times: %d messages, 0 lost, each effect once, %d handled again%n",
                kind, KILLS, MESSAGES, again.size());
    }

    private static String connection(ServerProcess server) {
        return server.connectionString(KEY, KEY);
    }

    private static ServiceBusSource source(ServerProcess server, boolean sessions) {
        ServiceBusConfig.Builder config = ServiceBusConfig.queue("orders");
        if (sessions) {
            config.sessions();
        }
        return ServiceBusSource.of(config.connectionString(connection(server))
                .administrationEndpoint(server.administrationEndpoint())
                .requestTimeout(Duration.ofSeconds(4))
                .silence(Duration.ofSeconds(2))
                .build());
    }

    private static void send(ServiceBusClientBuilder hands) {
        List<ServiceBusMessage> messages = IntStream.range(0, MESSAGES)
                .mapToObj(i ->
                        new ServiceBusMessage("m" + i).setMessageId("id-" + i).setSessionId("s" + i % 50))
                .toList();
        ServiceBusSenderAsyncClient sender = hands.sender().queueName("orders").buildAsyncClient();
        for (int from = 0; from < MESSAGES; from += 500) {
            sender.sendMessages(messages.subList(from, Math.min(MESSAGES, from + 500)))
                    .block(TestEntity.PATIENCE);
        }
        sender.close();
    }

    private static boolean isEmpty(ServiceBusClientBuilder hands, @Nullable SubQueue part) {
        var receiver = hands.receiver().queueName("orders").disableAutoComplete();
        if (part != null) {
            receiver.subQueue(part);
        }
        ServiceBusReceiverAsyncClient looker = receiver.buildAsyncClient();
        try {
            return Boolean.FALSE.equals(looker.peekMessages(1, 0).hasElements().block(TestEntity.PATIENCE));
        } finally {
            looker.close();
        }
    }
}
