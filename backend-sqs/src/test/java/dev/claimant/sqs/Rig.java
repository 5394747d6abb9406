package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A queue on the main server, a source on it that is open, and what may be scripted between the two. */
final class Rig implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Plan PLAN = new Plan("test", 8, 256, 10, null, null, Duration.ofMinutes(10), false, false);

    final TestQueue queue;
    final ScriptedSqs between = new ScriptedSqs(TestServer.main().endpoint());
    final Heard heard = new Heard();
    final Capabilities capabilities;
    private final SqsSource source;

    Rig() {
        this(new TestQueue(TestServer.main(), false), settings -> settings);
    }

    Rig(TestQueue queue, UnaryOperator<SqsConfig.Builder> settings) {
        this.queue = queue;
        source = SqsSource.of(settings.apply(settings(queue.url())).build());
        capabilities = source.open(PLAN, heard);
    }

    SqsConfig.Builder settings(String url) {
        return settings(between.endpoint(), url);
    }

    static SqsConfig.Builder settings(String endpoint, String url) {
        return SqsConfig.queue(url)
                .endpoint(endpoint)
                .region("eu-west-1")
                .credentials(TestServer.credentials())
                .longestPoll(Duration.ofSeconds(1))
                .requestTimeout(Duration.ofSeconds(10));
    }

    SqsSource source() {
        return source;
    }

    String send(String text) {
        return queue.send(text);
    }

    SqsClaim claim() {
        return claim(1).get(0);
    }

    List<SqsClaim> claim(int count) {
        List<SqsClaim> claims = new ArrayList<>();
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (claims.size() < count && System.nanoTime() < giveUp) {
            claimOnce(count - claims.size(), PATIENCE).forEach(claim -> claims.add((SqsClaim) claim));
        }
        assertThat(claims).hasSize(count);
        return claims;
    }

    List<Claim> claimOnce(int demand, Duration wait) {
        try {
            return source.claim(demand, wait);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Verdict renew(Claim claim) {
        return source.renew(List.of(claim), PATIENCE).get(0);
    }

    Verdict settle(Settlement settlement) {
        return source.settle(List.of(settlement), PATIENCE).get(0);
    }

    @Override
    public void close() {
        source.close();
        between.close();
        queue.close();
    }
}
