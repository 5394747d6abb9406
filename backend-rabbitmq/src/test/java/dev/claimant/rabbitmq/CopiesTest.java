package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a copy tells of its original, on both kinds of queue. */
class CopiesTest {

    private static final Duration DELAY = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageKeepsAllThatItWasSentWithThroughDelaysToItsEnd(boolean quorum) throws Exception {
        UnaryOperator<RabbitMqConfig.Builder> kind = config -> quorum ? config : config.classic();
        try (RabbitMqHarness harness = new RabbitMqHarness("copies", kind)) {
            keepsAll(harness.queue(), kind);
        }
    }

    private static void keepsAll(String queue, UnaryOperator<RabbitMqConfig.Builder> kind) throws Exception {
        RabbitMqConfig.Builder config =
                RabbitMqConfig.queue(TestServer.get().uri(), queue).longestRetry(Duration.ofSeconds(8));
        BasicProperties sent = new BasicProperties.Builder()
                .contentType("application/json")
                .contentEncoding("identity")
                .correlationId("order 7")
                .replyTo("answers")
                .priority(3)
                .type("order")
                .appId("shop")
                .timestamp(Date.from(Instant.ofEpochSecond(1_700_000_000)))
                .headers(Map.of("tenant", "north", "number", 42, "nested", Map.of("a", 1)))
                .build();
        try (Connection connection = new Connections(config.build()).open("test");
                Channel channel = connection.createChannel();
                Source source = RabbitMqSource.of(kind.apply(config).build())) {
            source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
            channel.basicPublish("", queue, sent, "body".getBytes(StandardCharsets.UTF_8));

            Claim first = claim(source);
            settle(source, new Retry(first, DELAY, "it failed"));
            Claim second = claim(source);
            assertThat(second.attempt()).isEqualTo(2);
            assertThat(second.id()).as("made up, and kept").isEqualTo(first.id());
            assertThat(second.message().idempotencyKey()).isNull();
            settle(source, new Retry(second, Duration.ZERO, "it failed"));
            Claim third = claim(source);
            assertThat(third.attempt()).isEqualTo(3);
            settle(source, new DeadLetter(third, "hopeless", "a stack"));

            assertThat(dead(channel, queue)).satisfies(dead -> {
                assertThat(dead.getBody()).asString().isEqualTo("body");
                assertThat(dead.getProps()
                                .builder()
                                .headers(null)
                                .deliveryMode(null)
                                .build())
                        .isEqualTo(sent.builder().headers(null).build());
                assertThat(texts(dead))
                        .containsEntry("tenant", "north")
                        .containsEntry("number", "42")
                        .containsEntry("nested", "{a=1}")
                        .containsEntry(Messages.REASON, "hopeless")
                        .containsEntry(Messages.ERROR, "a stack")
                        .containsEntry(Messages.ATTEMPT, "3");
            });
        }
    }

    private static GetResponse dead(Channel channel, String queue) throws IOException {
        return Objects.requireNonNull(channel.basicGet(queue + ".dead", true));
    }

    private static Map<String, String> texts(GetResponse message) {
        return message.getProps().getHeaders().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> "" + entry.getValue()));
    }

    private static Claim claim(Source source) throws InterruptedException {
        List<Claim> claims = source.claim(1, Duration.ofSeconds(10));
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    private static void settle(Source source, Settlement settlement) {
        assertThat(source.settle(List.of(settlement), Duration.ofSeconds(5))).containsExactly(Verdict.APPLIED);
    }
}
