package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Retry;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.Sending;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BacklogTest {

    private static final Duration LONG = Duration.ofSeconds(8);

    private final String management = Objects.requireNonNull(
            TestServer.get().management(), "CLAIMANT_RABBITMQ_MANAGEMENT_URL belongs to CLAIMANT_RABBITMQ_URL");

    @AutoClose
    private final RabbitMqHarness harness = new RabbitMqHarness("backlog", UnaryOperator.identity());

    @Test
    void throughTheManagementApiEveryStateIsCountedAsKedaCountsIt() throws InterruptedException {
        try (Source source = opened(config(TestServer.get().uri()).management(management))) {
            becomes(source, 0, 0, 0, 0, 0);
            List<Claim> claims = claimed(source, 4);
            becomes(source, 4, 0, 4, 0, 0);
            settle(source, new Complete(claims.get(0)));
            settle(source, new DeadLetter(claims.get(1), "hopeless", null));
            settle(source, new Retry(claims.get(2), LONG, "it failed"));
            becomes(source, 1, 0, 1, 1, 1);
            source.stopClaiming();
            settle(source, new Retry(claims.get(3), Duration.ZERO, "it failed"));
            becomes(source, 1, 1, 0, 1, 1);
        }
    }

    @Test
    void aGaugeThatOutlivesItsSourceOpensNoConnection() {
        Source source = opened(config(TestServer.get().uri()));
        source.close();

        assertThatThrownBy(source::backlog)
                .isInstanceOf(SourceException.class)
                .hasMessage("cannot count " + harness.queue() + ": the source is closed");
    }

    @Test
    void withoutTheManagementApiWhatIsReadyIsCountedAtOnce() throws InterruptedException {
        try (Source source = opened(config(TestServer.get().uri()))) {
            claimed(source, 2);
            send();

            Backlog backlog = source.backlog();

            assertThat(backlog.scaler()).isEqualTo(1);
            assertThat(backlog.ready()).hasValue(1);
            assertThat(backlog.inFlight()).isEmpty();
        }
    }

    @Test
    void aUserWithTheLeastRightsClaimsAndSettlesInEveryWay() throws InterruptedException {
        try (TestUser user = TestUser.withoutRightsToConfigure(harness.queue());
                Source source = opened(config(user.uri()).trustRetryQueues())) {
            List<Claim> claims = claimed(source, 3);

            settle(source, new Complete(claims.get(0)));
            settle(source, new DeadLetter(claims.get(1), "hopeless", null));
            settle(source, new Retry(claims.get(2), LONG, "it failed"));

            assertThat(source.backlog().ready()).hasValue(0);
            assertThat(source.backlog().delayed()).hasValue(1);
        }
    }

    private RabbitMqConfig.Builder config(String uri) {
        return RabbitMqConfig.queue(uri, harness.queue()).longestRetry(LONG);
    }

    private static Source opened(RabbitMqConfig.Builder config) {
        Source source = RabbitMqSource.of(config.build());
        source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
        return source;
    }

    /** The management API's numbers come late. */
    private void becomes(Source source, long scaler, long ready, long inFlight, long delayed, long dead) {
        Backlog expected = new Backlog(
                scaler,
                OptionalLong.of(ready),
                OptionalLong.of(inFlight),
                OptionalLong.of(delayed),
                OptionalLong.of(dead),
                false);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(source.backlog()).isEqualTo(expected);
            assertThat(harness.scaler()).isEqualTo(scaler);
        });
    }

    private List<Claim> claimed(Source source, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            send();
        }
        List<Claim> claims = new ArrayList<>();
        while (claims.size() < count) {
            claims.addAll(source.claim(count - claims.size(), Duration.ofSeconds(10)));
        }
        return claims;
    }

    private void send() {
        harness.send(new Sending(new byte[0], Map.of(), null));
    }

    private static void settle(Source source, Settlement settlement) {
        assertThat(source.settle(List.of(settlement), Duration.ofSeconds(10))).containsExactly(Verdict.APPLIED);
    }
}
