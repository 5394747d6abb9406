package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.Worker;
import dev.claimant.contract.Sending;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class OutageTest {

    @AutoClose
    private final RabbitMqHarness harness = new RabbitMqHarness("outage", UnaryOperator.identity());

    private final Heard heard = new Heard();

    @Test
    void whatABrokenConnectionHeldIsToldAsLostAtOnceAndOnce() throws InterruptedException {
        send(3);
        try (Source source = opened()) {
            List<Claim> claims = List.of(claim(source), claim(source));

            harness.disconnect(source);

            await().untilAsserted(() -> assertThat(heard.lost).containsExactlyInAnyOrderElementsOf(claims));
            assertThat(source.settle(List.of(new Complete(claims.get(0)).asRepeated()), Duration.ofSeconds(1)))
                    .containsExactly(Verdict.LOST);
        }
    }

    @Test
    void afterTheStopACompletionThatTheBrokerNeverHeardIsNotTakenForApplied() throws InterruptedException {
        send(1);
        try (Source source = opened();
                Source other = opened()) {
            Claim claim = claim(source);
            source.stopClaiming();
            harness.cut(source);

            assertThat(source.settle(List.of(new Complete(claim)), Duration.ofSeconds(1)))
                    .containsExactly(Verdict.UNKNOWN);
            harness.mend(source);
            await().untilAsserted(() -> assertThat(
                            source.settle(List.of(new Complete(claim).asRepeated()), Duration.ofSeconds(1)))
                    .containsExactly(Verdict.LOST));

            assertThat(claim(other).id()).isEqualTo(claim.id());
        }
    }

    @Test
    void aBrokerThatIsKilledAndComesBackHasLostNothing() throws InterruptedException {
        Set<String> sent = send(500);
        Set<String> handled = ConcurrentHashMap.newKeySet();
        Source source = harness.newSource();
        try (Worker worker = Worker.builder(source)
                .slots(8)
                .handler(claim -> handled.add(claim.id()))
                .build()) {
            worker.startPatiently(); // a busy machine answers late
            await().atMost(Duration.ofSeconds(60)).until(() -> handled.size() > 50);
            breakEverything(source);
            sent.addAll(send(500));
            await().atMost(Duration.ofSeconds(60)).until(() -> handled.size() > 600);
            breakEverything(source);

            await().atMost(Duration.ofSeconds(60)).until(() -> handled.containsAll(sent));
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptionsInstanceOf(SourceException.class) // the management API is slow to come back
                    .untilAsserted(() -> assertThat(source.backlog().scaler()).isZero());
        }
    }

    /** Kills the broker where it is ours, else ends all connections of the source. */
    private void breakEverything(Source source) {
        if (TestServer.get().node() == null) {
            harness.breakConnections(source);
        } else {
            harness.killBroker();
        }
    }

    @Test
    void aQueueThatIsDeletedUnderTheWorkerIsDeclaredAgainOrNamed() throws InterruptedException {
        send(1);
        try (Source declares = opened();
                Source checks =
                        RabbitMqSource.of(RabbitMqConfig.queue(TestServer.get().uri(), harness.queue())
                                .longestRetry(Duration.ofSeconds(8))
                                .build())) {
            checks.open(plan(), heard);
            Claim claim = claim(declares);
            harness.deleteQueue();
            await().until(() -> !((RabbitMqSource) declares).isConnected());

            assertThat(declares.renew(List.of(claim), Duration.ofSeconds(1))).containsExactly(Verdict.LOST);
            // A broker that is still deleting the queue may accept a consumer.
            await().untilAsserted(() -> assertThatThrownBy(() -> checks.claim(1, Duration.ofMillis(100)))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("'" + harness.queue() + "'"));
            assertThat(declares.claim(1, Duration.ZERO)).isEmpty();
            String id = harness.send(new Sending(new byte[0], Map.of(), null));
            assertThat(claim(declares).id()).isEqualTo(id);
        }
    }

    private Source opened() {
        Source source = harness.newSource();
        source.open(plan(), heard);
        return source;
    }

    private static Plan plan() {
        return new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false);
    }

    private static Claim claim(Source source) throws InterruptedException {
        List<Claim> claims = source.claim(1, Duration.ofSeconds(10));
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    private Set<String> send(int count) {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < count; i++) {
            ids.add(harness.send(new Sending(("message " + i).getBytes(StandardCharsets.UTF_8), Map.of(), null)));
        }
        return ids;
    }
}
