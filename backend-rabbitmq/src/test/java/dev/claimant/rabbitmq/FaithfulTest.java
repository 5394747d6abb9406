package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the handler is shown what was sent, whatever became of the message before, and that nothing else happens to it. */
class FaithfulTest extends OwnQueues {

    private static final Duration SECOND = Duration.ofSeconds(1);

    FaithfulTest() throws IOException {
        super("faithful");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void copiesAreRoutedNowhereElseAndTheHandlerSeesWhatWasSent(boolean quorum) throws Exception {
        String other = channel.queueDeclare().getQueue();
        String exchange = "exchange-" + queue;
        channel.exchangeDeclare(exchange, "fanout", false, true, Map.of());
        try (Source source = opened(config(quorum))) {
            channel.queueBind(queue, exchange, "");
            Map<String, Object> nested = Map.of("a", 1, "list", List.of("b", "c"));
            BasicProperties sent = new BasicProperties.Builder()
                    .contentType("application/json")
                    .contentEncoding("gzip")
                    .correlationId("order 7")
                    .replyTo("answers")
                    .priority(3)
                    .type("order")
                    .appId("shop")
                    .expiration("600000")
                    .messageId("m1")
                    .deliveryMode(2)
                    .headers(Map.of("CC", List.of(other), "nested", nested, "bytes", new byte[] {1, 2}))
                    .build();
            channel.basicPublish(exchange, "orders.new", sent, new byte[] {1});
            channel.basicPublish("", queue, sent, new byte[] {2});
            drop(other); // the one that was sent by its queue's name; the other exchange takes no notice of CC

            for (int attempt = 1; attempt <= 3; attempt++) {
                for (RabbitMqClaim claim : both(source)) {
                    boolean first = claim.message().body()[0] == 1;
                    assertThat(claim.attempt()).isEqualTo(attempt);
                    assertThat(claim.exchange()).isEqualTo(first ? exchange : "");
                    assertThat(claim.routingKey()).isEqualTo(first ? "orders.new" : queue);
                    assertThat(shown(claim.properties())).isEqualTo(shown(sent));
                    settle(source, attempt < 3 ? new Retry(claim, SECOND, "no") : new DeadLetter(claim, "no", null));
                }
            }

            assertThat(channel.queueDeclarePassive(other).getMessageCount())
                    .as("copies that were routed there")
                    .isZero();
            assertThat(channel.queueDeclarePassive(queue + ".dead").getMessageCount())
                    .isEqualTo(2);
        }
    }

    /** As text, for the client's own kinds of text and table compare by identity; without what the broker adds. */
    private static String shown(BasicProperties properties) {
        Map<String, String> headers = new HashMap<>();
        properties.getHeaders().forEach((name, value) -> {
            if (!name.startsWith("x-")) {
                headers.put(name, value instanceof byte[] bytes ? "bytes " + bytes.length : sorted(value));
            }
        });
        return properties.builder().headers(null).build() + " " + new java.util.TreeMap<>(headers);
    }

    private static String sorted(Object value) {
        return value instanceof Map<?, ?> map ? new java.util.TreeMap<>(map).toString() : String.valueOf(value);
    }

    private void drop(String from) {
        await().until(() -> channel.basicGet(from, true) != null);
    }

    private static List<RabbitMqClaim> both(Source source) throws InterruptedException {
        List<RabbitMqClaim> claims = new ArrayList<>();
        while (claims.size() < 2) {
            List<Claim> more = source.claim(2 - claims.size(), Duration.ofSeconds(10));
            assertThat(more).isNotEmpty();
            more.forEach(claim -> claims.add((RabbitMqClaim) claim));
        }
        return claims;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesWithAnEmptyIdAreDifferentOnesAndHaveNoIdempotencyKey(boolean quorum) throws Exception {
        try (Source source = opened(config(quorum))) {
            BasicProperties empty = new BasicProperties.Builder().messageId("").build();
            channel.basicPublish("", queue, empty, new byte[0]);
            channel.basicPublish("", queue, empty, new byte[0]);

            List<RabbitMqClaim> claims = both(source);

            assertThat(claims)
                    .allSatisfy(claim ->
                            assertThat(claim.message().idempotencyKey()).isNull());
            assertThat(claims.get(0).id())
                    .isNotEmpty()
                    .isNotEqualTo(claims.get(1).id());
            settle(source, new Retry(claims.get(0), SECOND, "no"));
            assertThat(source.claim(1, Duration.ofSeconds(10)).get(0).id())
                    .isEqualTo(claims.get(0).id());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatIsTooLargeGoesToTheDeadLettersWholeAndNoOtherMessageSuffers(boolean quorum) throws Exception {
        byte[] large = new byte[300_000]; // several frames
        large[299_999] = 7;
        Heard heard = new Heard();
        try (Source source = RabbitMqSource.of(config(quorum).largestBody(1024).build())) {
            source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), heard);
            send("before", new byte[1024]);
            send("large", large);
            send("after", new byte[0]);

            List<RabbitMqClaim> claims = both(source);
            assertThat(claims).extracting(Claim::id).containsExactly("before", "after");
            await().until(() -> channel.queueDeclarePassive(queue + ".dead").getMessageCount() == 1);
            claims.forEach(claim -> settle(source, new Complete(claim)));

            GetResponse dead = Objects.requireNonNull(channel.basicGet(queue + ".dead", true));
            assertThat(dead.getBody()).isEqualTo(large);
            assertThat(dead.getProps().getMessageId()).isEqualTo("large");
            assertThat(heard.lost).isEmpty();
            assertThat(((RabbitMqSource) source).isConnected()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void headersThatNearlyFillAFrameLeaveRoomForTheReason(boolean quorum) throws Exception {
        String long120k = "ä".repeat(60_000);
        try (Source source = opened(config(quorum))) {
            BasicProperties sent = new BasicProperties.Builder()
                    .messageId("full")
                    .headers(Map.of("long", long120k))
                    .build();
            channel.basicPublish("", queue, sent, new byte[0]);
            channel.waitForConfirmsOrDie(10_000);
            Claim first = source.claim(1, Duration.ofSeconds(10)).get(0);
            settle(source, new Retry(first, SECOND, "no"));
            Claim second = source.claim(1, Duration.ofSeconds(10)).get(0);
            assertThat(second.message().headers()).containsEntry("long", long120k);

            settle(source, new DeadLetter(second, "ö".repeat(50_000), "ü".repeat(50_000)));

            GetResponse dead = Objects.requireNonNull(channel.basicGet(queue + ".dead", true));
            Map<String, Object> headers = dead.getProps().getHeaders();
            assertThat(String.valueOf(headers.get(Messages.REASON)))
                    .startsWith("öö")
                    .endsWith("ö…");
            assertThat(String.valueOf(headers.get(Messages.ERROR)).getBytes(StandardCharsets.UTF_8).length)
                    .isLessThan(8_001);
            assertThat(String.valueOf(headers.get("long"))).isEqualTo(long120k);
        }
    }

    private void send(String id, byte[] body) throws Exception {
        channel.basicPublish(
                "", queue, new BasicProperties.Builder().messageId(id).build(), body);
        channel.waitForConfirmsOrDie(10_000);
    }
}
