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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CreditTest {

    private final RabbitMqHarness harness = new RabbitMqHarness("credit", UnaryOperator.identity());

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void aSettlementThatWithdrawsCreditAtAnyMomentLeavesNoClaimToWaitInVain() throws Exception {
        Random random = new Random(1);
        try (Source source = harness.newSource()) {
            source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
            for (int i = 0; i < 200; i++) {
                send();
                Claim first = source.claim(4, Duration.ofSeconds(10)).get(0);
                CompletableFuture<List<Claim>> second = CompletableFuture.supplyAsync(() -> claim(source));
                long until = System.nanoTime() + random.nextInt(2_000_000);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                source.settle(List.of(new Complete(first)), Duration.ofSeconds(1));
                String id = send();
                List<Claim> claimed = second.get(10, TimeUnit.SECONDS);
                assertThat(claimed).extracting(Claim::id).containsExactly(id);
                source.settle(List.of(new Complete(claimed.get(0))), Duration.ofSeconds(1));
            }
        }
    }

    private String send() {
        return harness.send(new Sending(new byte[0], Map.of(), null));
    }

    private static List<Claim> claim(Source source) {
        try {
            return source.claim(4, Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
