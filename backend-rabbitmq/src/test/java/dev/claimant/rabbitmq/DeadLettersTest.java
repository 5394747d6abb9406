package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLettersTest extends OwnQueues {

    DeadLettersTest() throws IOException {
        super("dead");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRedrivenMessageBeginsWithItsFirstAttemptAndIsWhatItWas(boolean quorum) throws Exception {
        RabbitMqConfig config = config(quorum).build();
        DeadLetters dead = new DeadLetters(config);
        try (Source source = opened(config)) {
            send("a", Map.of("tenant", "north"));
            Claim first = claim(source);
            settle(source, new Retry(first, Duration.ofSeconds(1), "no"));
            Claim second = claim(source);
            assertThat(source.settle(List.of(new DeadLetter(second, "hopeless", "a stack")), Duration.ofSeconds(10)))
                    .containsExactly(Verdict.APPLIED);

            assertThat(dead.list(10)).singleElement().satisfies(letter -> {
                assertThat(letter.id()).isEqualTo("a");
                assertThat(letter.idempotencyKey()).isEqualTo("a");
                assertThat(letter.reason()).isEqualTo("hopeless");
                assertThat(letter.error()).isEqualTo("a stack");
                assertThat(letter.attempts()).isEqualTo(2);
                assertThat(letter.headers()).isEqualTo(Map.of("tenant", "north"));
                assertThat(letter.deadAt())
                        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
                assertThat(letter.routingKey()).isEqualTo(queue);
            });
            assertThat(dead.redrive(List.of("a", "not there"))).isEqualTo(1);

            RabbitMqClaim again = (RabbitMqClaim) claim(source);
            assertThat(again.attempt()).isEqualTo(1);
            assertThat(again.message().idempotencyKey()).isEqualTo("a");
            assertThat(again.message().headers()).isEqualTo(Map.of("tenant", "north"));
            assertThat(again.routingKey()).isEqualTo(queue);
            settle(source, new Complete(again));
            assertThat(dead.list(10)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lookingLeavesTheirOrderAndRemovesNothingHoweverOften(boolean quorum) throws Exception {
        RabbitMqConfig config = config(quorum).build();
        DeadLetters dead = new DeadLetters(config);
        RabbitMqSource.declare(config);
        bury(4);

        for (int i = 0; i < 25; i++) {
            assertThat(dead.list(3)).extracting(DeadLetters.DeadLetter::id).containsExactly("m0", "m1", "m2");
        }
        assertThat(dead.find("m3")).isPresent();
        assertThat(dead.find("m4")).isEmpty();
        await().untilAsserted(() -> assertThat(dead.list(9)).hasSize(4));
    }

    @Test
    void allAreRedrivenAndSomeArePurged() throws Exception {
        DeadLetters dead = new DeadLetters(config);
        RabbitMqSource.declare(config);
        bury(450);

        assertThat(dead.purge(List.of("m1", "m449", "m450"))).isEqualTo(2);
        assertThat(dead.purgeOlderThan(Duration.ofDays(1))).isZero();
        await().until(() -> channel.messageCount(queue + ".dead") == 448);
        assertThat(dead.redriveAll()).isEqualTo(448);
        await().until(() -> channel.messageCount(queue) == 448);
        assertThat(dead.list(1)).isEmpty();

        bury(3);
        assertThat(dead.purgeOlderThan(Duration.ZERO)).isEqualTo(3);
    }

    @Test
    void aPassGoesOnBehindWhatItLeavesAndOfTwoPassesEachMessageIsRedrivenOnce() throws Exception {
        DeadLetters dead = new DeadLetters(config);
        RabbitMqSource.declare(config);
        bury(650);

        assertThat(dead.find("m649")).isPresent();
        await().until(() -> channel.messageCount(queue + ".dead") == 650);
        CompletableFuture<Integer> other = CompletableFuture.supplyAsync(new DeadLetters(config)::redriveAll);
        int redriven = dead.redriveAll();

        assertThat(redriven + other.get(60, TimeUnit.SECONDS)).isEqualTo(650);
        await().until(() -> channel.messageCount(queue) == 650);
        await().until(() -> channel.messageCount(queue + ".dead") == 0);
    }

    @Test
    void whatCannotBeRedrivenStaysADeadLetter() throws Exception {
        DeadLetters dead = new DeadLetters(config);
        RabbitMqSource.declare(config);
        bury(2);
        channel.queueDelete(queue);

        assertThatThrownBy(dead::redriveAll).isInstanceOf(SourceException.class).hasMessageContaining(queue);

        await().until(() -> channel.messageCount(queue + ".dead") == 2);
    }

    @Test
    void whoeverKeepsNoneIsTold() {
        RabbitMqConfig none = config(true).withoutDeadLetters().build();

        assertThatThrownBy(() -> new DeadLetters(none))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("deadLetterQueue");
    }

    /** As the broker itself does it, or an application. */
    private void bury(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            channel.basicPublish(
                    "",
                    queue + ".dead",
                    new BasicProperties.Builder().messageId("m" + i).build(),
                    new byte[] {1});
        }
        channel.waitForConfirmsOrDie(10_000);
    }

    private void send(String id, Map<String, Object> headers) throws IOException {
        channel.basicPublish(
                "",
                queue,
                new BasicProperties.Builder().messageId(id).headers(headers).build(),
                new byte[] {1});
    }

    private static Claim claim(Source source) throws InterruptedException {
        return source.claim(1, Duration.ofSeconds(10)).get(0);
    }
}
