package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Completions that are few, or behind a message whose handler still runs, while a claim leaves the broker more credit than it uses. */
class GatheredCompletionsTest extends OwnQueues {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int DEMAND = 100;

    GatheredCompletionsTest() throws IOException {
        super("gathered");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theBrokerHearsOfTwoThoughAThirdGoesOn(int first) throws Exception {
        String management = Objects.requireNonNull(
                TestServer.get().management(), "CLAIMANT_RABBITMQ_MANAGEMENT_URL belongs to CLAIMANT_RABBITMQ_URL");
        try (Source source = opened(config(true).management(management))) {
            List<Claim> claims = claimed(source);
            CompletableFuture<List<Claim>> next = claiming(source);

            complete(source, claims.subList(first, first + 2));

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(source.backlog().inFlight()).hasValue(1));
            source.stopClaiming();
            assertThat(next.get(30, TimeUnit.SECONDS)).isEmpty();
            complete(source, claims.subList(first == 0 ? 2 : 0, first == 0 ? 3 : 1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStopTellsTheBrokerOfAllOfThem(boolean quorum) throws Exception {
        Source source = opened(config(quorum));
        List<Claim> claims = claimed(source);
        CompletableFuture<List<Claim>> next = claiming(source);

        complete(source, claims.subList(1, 3));
        source.stopClaiming();
        source.close();

        assertThat(next.get(30, TimeUnit.SECONDS)).isEmpty();
        List<String> left = new ArrayList<>();
        await().atMost(LONG).until(() -> {
            GetResponse back = channel.basicGet(queue, true);
            return back != null && left.add(back.getProps().getMessageId());
        });
        assertThat(channel.basicGet(queue, true)).isNull();
        assertThat(left).containsExactly("0");
    }

    private List<Claim> claimed(Source source) throws Exception {
        for (int i = 0; i < 3; i++) {
            BasicProperties properties =
                    new BasicProperties.Builder().messageId("" + i).build();
            channel.basicPublish("", queue, properties, new byte[0]);
        }
        channel.waitForConfirmsOrDie(30_000);
        List<Claim> claims = new ArrayList<>();
        while (claims.size() < 3) {
            List<Claim> more = source.claim(DEMAND, LONG);
            assertThat(more).isNotEmpty();
            claims.addAll(more);
        }
        return claims;
    }

    private static CompletableFuture<List<Claim>> claiming(Source source) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return source.claim(DEMAND, Duration.ofMinutes(2));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void complete(Source source, List<Claim> claims) {
        List<Settlement> completions = new ArrayList<>();
        claims.forEach(claim -> completions.add(new Complete(claim)));
        assertThat(source.settle(completions, LONG)).containsOnly(Verdict.APPLIED);
    }
}
