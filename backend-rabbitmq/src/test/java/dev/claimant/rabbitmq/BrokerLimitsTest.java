package dev.claimant.rabbitmq;

import static dev.claimant.Verdict.APPLIED;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.Sending;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the broker does when one of its own limits is reached. */
class BrokerLimitsTest {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(8);
    private static final int MORE_THAN_ANY_BUFFER = 12_000_000;

    private final TestNode node =
            Objects.requireNonNull(TestServer.get().node(), "its limits can be moved only on a node of the tests' own");
    private final RabbitMqHarness harness = new RabbitMqHarness("limits", UnaryOperator.identity());
    private final Heard heard = new Heard();

    @AfterEach
    void close() {
        node.ctl("eval", "application:set_env(rabbit, consumer_timeout, 1800000).");
        node.ctl("set_vm_memory_high_watermark", "absolute", "512MB");
        harness.close();
    }

    @Test
    void claimsNearTheConsumerTimeoutGoElsewhereBeforeTheBrokerEndsTheChannel() throws InterruptedException {
        node.ctl("eval", "application:set_env(rabbit, consumer_timeout, 10000).");
        try (Source source = opened(config().consumerTimeout(Duration.ofSeconds(10)));
                Source other = opened(config())) {
            send();
            Claim slow = claim(source);

            await().atMost(Duration.ofSeconds(12))
                    .untilAsserted(() -> assertThat(heard.endangered).contains(slow));
            Claim again = claim(other);
            send();
            Claim young = claim(source);
            settle(other, new Complete(again), APPLIED);
            await().pollDelay(Duration.ofSeconds(3))
                    .until(() -> true); // the broker would have ended the channel by now

            assertThat(again.id()).isEqualTo(slow.id());
            assertThat(again.attempt()).as("tried, and not finished").isEqualTo(2);
            assertThat(source.renew(List.of(slow, young), SOON)).containsExactly(Verdict.LOST, APPLIED);
            assertThat(heard.lost).isEmpty();
        }
    }

    @Test
    void theTimeoutThatTheQueueItselfHasIsWatchedWithoutASetting() throws Exception {
        String queue = "limited-" + UUID.randomUUID();
        RabbitMqConfig config = RabbitMqConfig.queue(TestServer.get().uri(), queue)
                .withoutRetryQueues()
                .withoutDeadLetters()
                .management(Objects.requireNonNull(TestServer.get().management()))
                .build();
        Connection connection = new Connections(config).open("test");
        Channel channel = Connections.channel(connection);
        try (Source source = RabbitMqSource.of(config)) {
            channel.queueDeclare(
                    queue,
                    true,
                    false,
                    false,
                    Map.of("x-queue-type", "quorum", "x-consumer-timeout", 10_000, "x-dead-letter-exchange", ""));
            channel.basicPublish("", queue, null, new byte[0]);
            source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), heard);
            Claim slow = claim(source);

            if (Broker.of(connection, config).hasTimeoutsOfQueues()) {
                await().untilAsserted(() -> assertThat(heard.endangered).contains(slow));
            } else {
                await().during(LONG).until(heard.endangered::isEmpty);
            }
        } finally {
            channel.queueDelete(queue);
            connection.abort();
        }
    }

    @Test
    void whereTheBrokersTimeoutIsShorterThanTheSettingTheLossIsToldWithBoth() throws InterruptedException {
        node.ctl("eval", "application:set_env(rabbit, consumer_timeout, 2000).");
        try (Source source = opened(config())) {
            send();
            Claim claim = claim(source);

            await().atMost(LONG).untilAsserted(() -> assertThat(heard.lost).contains(claim));

            assertThat(source.renew(List.of(claim), SOON)).containsExactly(Verdict.LOST);
            assertThat(claim(source).id()).isEqualTo(claim.id());
        }
    }

    @Test
    void aBrokerThatIsShortOfMemoryStallsCopiesAndNoCompletion() throws InterruptedException {
        try (Source source = opened(config())) {
            Claim done = sentAndClaimed(source);
            Claim failed = sentAndClaimed(source);
            Claim failedToo = sentAndClaimed(source);
            node.ctl("set_vm_memory_high_watermark", "absolute", "1MB");

            settle(source, new Retry(failed, LONG, "it failed"), APPLIED); // the broker reads one more before it stops
            Settlement stalled = new Retry(failedToo, LONG, "it failed");
            settle(source, stalled, Verdict.UNKNOWN);
            settle(source, new Complete(done), APPLIED);
            assertThat(source.renew(List.of(failedToo), SOON)).containsExactly(APPLIED);

            node.ctl("set_vm_memory_high_watermark", "absolute", "512MB");
            assertThat(source.settle(List.of(stalled.asRepeated()), LONG)).containsExactly(APPLIED);
            await().untilAsserted(() -> assertThat(source.backlog().ready()).hasValue(0));
            assertThat(source.backlog().delayed()).as("one copy each").hasValue(2);
        }
    }

    @Test
    @Timeout(60)
    void aCopyThatTheBrokerStoppedReadingHoldsUpNeitherItsCallNorTheEnd() throws Exception {
        Source source = opened(config());
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            harness.send(new Sending(new byte[MORE_THAN_ANY_BUFFER], Map.of(), null));
            claims.add(claim(source));
        }
        node.ctl("set_vm_memory_high_watermark", "absolute", "1MB");

        for (Claim claim : claims) {
            Settlement retry = new Retry(claim, LONG, "it failed");
            assertThat(inTime(() -> source.settle(List.of(retry), SOON))).containsExactly(Verdict.UNKNOWN);
        }
        assertThat(inTime(() -> {
                    source.close();
                    return "closed";
                }))
                .isEqualTo("closed");
    }

    /** On another thread, for it may never return. */
    private static <T> T inTime(Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task.get(LONG.toSeconds(), SECONDS);
    }

    private Claim sentAndClaimed(Source source) throws InterruptedException {
        send();
        return claim(source);
    }

    private RabbitMqConfig.Builder config() {
        return RabbitMqConfig.queue(TestServer.get().uri(), harness.queue()).longestRetry(LONG);
    }

    private Source opened(RabbitMqConfig.Builder config) {
        Source source = RabbitMqSource.of(config.build());
        source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), heard);
        return source;
    }

    private static Claim claim(Source source) throws InterruptedException {
        List<Claim> claims = source.claim(1, Duration.ofSeconds(10));
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    private static void settle(Source source, Settlement settlement, Verdict expected) {
        assertThat(source.settle(List.of(settlement), SOON)).containsExactly(expected);
    }

    private void send() {
        harness.send(new Sending(new byte[0], Map.of(), null));
    }
}
