package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.contract.Sending;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class InterruptTest {

    @AutoClose
    private final RabbitMqHarness harness = new RabbitMqHarness("interrupt", UnaryOperator.identity());

    @Test
    void anInterruptAtAnyMomentEndsTheClaimAndNothingElse() throws Exception {
        Random random = new Random(1);
        try (Source source = harness.newSource()) {
            source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Throwable> ended = new CompletableFuture<>();
                Thread thread = new Thread(() -> {
                    try {
                        source.claim(2, Duration.ofMinutes(1));
                        ended.complete(new AssertionError("returned"));
                    } catch (Throwable e) {
                        ended.complete(e);
                    }
                });
                thread.start();
                long until = System.nanoTime() + random.nextInt(10_000_000);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                thread.interrupt();
                assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            }
            String id = harness.send(new Sending(new byte[0], Map.of(), null));
            List<Claim> claims = source.claim(1, Duration.ofSeconds(10));
            assertThat(claims).extracting(Claim::id).containsExactly(id);
            source.settle(List.of(new Complete(claims.get(0))), Duration.ofSeconds(1));
        }
    }
}
