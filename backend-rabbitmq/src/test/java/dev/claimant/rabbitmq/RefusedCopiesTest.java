package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.Worker;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retry queues and dead-letter queues that are full, or deleted while the worker runs. */
class RefusedCopiesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final String queue = "refused-" + UUID.randomUUID();
    private final RabbitMqConfig config = RabbitMqConfig.queue(TestServer.get().uri(), queue)
            .longestRetry(Duration.ofSeconds(4))
            .declare()
            .build();
    private final Connection connection = new Connections(config).open("test");
    private final Channel channel;

    RefusedCopiesTest() throws IOException {
        channel = Connections.channel(connection);
    }

    @AfterEach
    void close() throws IOException {
        for (String name : Topology.names(config)) {
            channel.queueDelete(name);
        }
        connection.abort();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRetryTakesAnotherLevelWhereItsOwnIsFullOrGone(boolean gone) throws Exception {
        try (Source source = opened()) {
            Claim claim = sentAndClaimed(source, "a");
            refuse(queue + ".retry.1s", gone);

            settle(source, new Retry(claim, SECOND, "no"));

            assertThat(channel.messageCount(queue + ".retry.4s")).isEqualTo(1);
            assertThat(claim(source).attempt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeadLetterWaitsInARetryQueueWhereItsOwnIsFullOrGoneAndKeepsItsReason(boolean gone) throws Exception {
        try (Source source = opened()) {
            Claim claim = sentAndClaimed(source, "a");
            refuse(queue + ".dead", gone);

            settle(source, new DeadLetter(claim, "hopeless", "a stack"));

            Claim again = claim(source);
            assertThat(again.attempt()).as("beyond the last").isGreaterThan(5);
            channel.queueDelete(queue + ".dead");
            channel.queueDeclare(queue + ".dead", true, false, false, Map.of("x-queue-type", "quorum"));
            settle(source, new DeadLetter(again, "too many attempts", null));
            GetResponse dead = Objects.requireNonNull(channel.basicGet(queue + ".dead", true));
            assertThat(dead.getProps().getHeaders().get(Messages.REASON)).hasToString("hopeless");
            assertThat(dead.getProps().getHeaders().get(Messages.ERROR)).hasToString("a stack");
        }
    }

    @Test
    void aWorkerWhoseDeadLetterQueueIsFullGoesOnWithOtherMessages() throws Exception {
        RabbitMqSource.declare(config);
        refuse(queue + ".dead", false);
        Set<String> done = ConcurrentHashMap.newKeySet();
        try (Worker worker = Worker.builder(RabbitMqSource.of(config))
                .slots(2)
                .handler(claim -> {
                    if (claim.id().startsWith("bad")) {
                        throw new dev.claimant.PermanentFailure("bad");
                    }
                    done.add(claim.id());
                })
                .build()) {
            worker.start();
            await().atMost(Duration.ofSeconds(60)).until(worker::isReady);
            for (int i = 0; i < 100; i++) {
                send("bad" + i);
            }
            for (int i = 0; i < 20; i++) {
                send("good" + i);
            }

            await().atMost(Duration.ofSeconds(60)).until(() -> done.size() == 20);
            await().atMost(Duration.ofSeconds(60)).until(() -> !worker.isReady());
            assertThat(worker.whyNotReady())
                    .hasValueSatisfying(why -> assertThat(why).contains("full or gone", queue + ".dead"));

            channel.queueDelete(queue + ".dead");
            RabbitMqSource.declare(config);
            send("bad again");
            await().atMost(Duration.ofSeconds(60)).until(worker::isReady);
        }
    }

    @Test
    void aQueueThatNobodySendsToAnyMoreIsForgotten() {
        List<String> told = new ArrayList<>();
        RefusingQueues refusing = new RefusingQueues(0);
        refusing.tell(why -> told.add(String.valueOf(why)));
        refusing.refused("a");
        refusing.refused("a");
        refusing.forgetOld();
        refusing.accepted("a");
        assertThat(told)
                .containsExactly("retries or dead letters are refused, since the queue is full or gone: a", "null");
    }

    /** A queue of that name that is full, or none. */
    private void refuse(String name, boolean gone) throws IOException {
        channel.queueDelete(name);
        if (!gone) {
            channel.queueDeclare(
                    name,
                    true,
                    false,
                    false,
                    Map.of("x-queue-type", "classic", "x-max-length", 0, "x-overflow", "reject-publish"));
        }
    }

    private Source opened() {
        Source source = RabbitMqSource.of(config);
        source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
        return source;
    }

    private Claim sentAndClaimed(Source source, String id) throws Exception {
        send(id);
        return claim(source);
    }

    private void send(String id) throws IOException {
        channel.basicPublish(
                "",
                queue,
                new BasicProperties.Builder().messageId(id).deliveryMode(2).build(),
                new byte[] {1});
    }

    private static Claim claim(Source source) throws InterruptedException {
        return source.claim(1, Duration.ofSeconds(20)).get(0);
    }

    private static void settle(Source source, Settlement settlement) {
        assertThat(source.settle(List.of(settlement), Duration.ofSeconds(10))).containsExactly(Verdict.APPLIED);
    }
}
