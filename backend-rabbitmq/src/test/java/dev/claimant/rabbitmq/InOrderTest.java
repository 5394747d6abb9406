package dev.claimant.rabbitmq;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.Sending;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The contract's rules on order, and what they say when one queue is one key. The rules themselves let two workers claim at once, which
 * is what a single active consumer is there to prevent.
 */
class InOrderTest {

    private static final Duration QUIET = Duration.ofMillis(200);

    private final RabbitMqHarness harness = new RabbitMqHarness("in order", RabbitMqConfig.Builder::inOrder);
    private final List<Source> sources = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (Source source : sources) {
            source.close();
        }
        harness.close();
    }

    @Test
    void messagesComeOneAtATimeAndTheOthersStandBy() throws InterruptedException {
        send(20);
        Source one = opened();
        Source other = opened();

        for (String id : sent) {
            Claim claim = claim(one);
            assertThat(claim.id()).isEqualTo(id);
            assertThat(claim.message().orderingKey()).isEqualTo(harness.queue());
            if (id.equals(sent.get(5))) {
                assertThat(one.claim(5, QUIET)).isEmpty();
                assertThat(other.claim(5, QUIET)).isEmpty();
            }
            settle(one, new Complete(claim), APPLIED);
        }
    }

    @Test
    void whatIsRetriedOrReleasedKeepsItsPlaceAndWhatIsGivenUpLetsTheNextGo() throws InterruptedException {
        send(2);
        Source one = opened();
        Source other = opened();

        settle(one, new Retry(claim(one), Duration.ZERO, "it failed"), APPLIED);
        Claim again = claim(one);
        assertThat(again.id()).isEqualTo(sent.get(0));
        assertThat(again.attempt()).isEqualTo(2);
        settle(one, new Release(again), APPLIED);
        Claim third = claim(one);
        assertThat(third.id()).isEqualTo(sent.get(0));
        assertThat(other.claim(1, QUIET)).isEmpty();
        settle(one, new DeadLetter(third, "hopeless", null), APPLIED);

        assertThat(claim(one).id()).isEqualTo(sent.get(1));
    }

    @Test
    void aWorkerThatDiesLeavesItsMessageToTheNextInLineFirst() throws InterruptedException {
        send(2);
        Source one = opened();
        Source other = opened();
        Claim first = claim(one);

        harness.disconnect(one);

        Claim again = claim(other);
        assertThat(again.id()).isEqualTo(sent.get(0));
        settle(one, new Complete(first), LOST);
        settle(other, new Complete(again), APPLIED);
        assertThat(claim(other).id()).isEqualTo(sent.get(1));
    }

    @Test
    void aWorkerThatStopsLetsNobodyOvertakeWhatItStillHolds() throws InterruptedException {
        send(2);
        Source one = opened();
        Source other = opened();
        Claim first = claim(one);

        one.stopClaiming();

        assertThat(other.claim(1, QUIET)).isEmpty();
        settle(one, new Complete(first), APPLIED);
        assertThat(claim(other).id()).isEqualTo(sent.get(1));
    }

    @Test
    void whatAWorkerThatStopsHandsBackGoesFirstToTheNextInLine() throws InterruptedException {
        send(2);
        Source one = opened();
        Source other = opened();
        Claim first = claim(one);
        one.stopClaiming();

        settle(one, new Release(first), APPLIED);

        Claim again = claim(other);
        assertThat(again.id()).isEqualTo(sent.get(0));
        assertThat(again.attempt()).as("counted once at most").isLessThanOrEqualTo(2);
    }

    @Test
    void aWorkerThatStopsIdleMakesRoomAtOnce() throws InterruptedException {
        Source one = opened();
        assertThat(one.claim(1, QUIET)).isEmpty();
        Source other = opened();

        one.stopClaiming();
        send(1);

        assertThat(claim(other).id()).isEqualTo(sent.get(0));
    }

    @Test
    void aQueueThatIsMadeOtherwiseIsRefused() {
        RabbitMqConfig.Builder without = RabbitMqConfig.queue(TestServer.get().uri(), harness.queue())
                .withoutRetryQueues()
                .management(Objects.requireNonNull(TestServer.get().management()));

        try (Source source = RabbitMqSource.of(without.build())) {
            assertThatThrownBy(() -> source.open(plan(), new Heard()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("inOrder", harness.queue());
        }
        assertThatThrownBy(() -> without.classic().inOrder().build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("inOrder");
    }

    private Source opened() {
        Source source = harness.newSource();
        sources.add(source);
        Capabilities capabilities = source.open(plan(), new Heard());
        assertThat(capabilities.ordering()).isEqualTo(Ordering.ACROSS_WORKERS);
        return source;
    }

    private static Plan plan() {
        return new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), true, false);
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            sent.add(harness.send(new Sending(new byte[0], Map.of(), null)));
        }
    }

    private static Claim claim(Source source) throws InterruptedException {
        List<Claim> claims = source.claim(5, Duration.ofSeconds(10));
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    private static void settle(Source source, Settlement settlement, Verdict expected) {
        assertThat(source.settle(List.of(settlement), Duration.ofSeconds(5))).containsExactly(expected);
    }
}
