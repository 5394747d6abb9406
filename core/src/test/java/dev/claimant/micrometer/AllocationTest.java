package dev.claimant.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AllocationTest {

    private static final int MESSAGES = 200_000;

    static Stream<MeterRegistry> registries() {
        return Stream.of(new SimpleMeterRegistry(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    @ParameterizedTest
    @MethodSource("registries")
    void theEventsOfAMessageAllocateNothing(MeterRegistry registry) {
        WorkerMetrics metrics = new WorkerMetrics(registry, "emails");
        Claim claim = new Claim(Message.of("m", ""), 1, 2, 0, Claim.NO_EXPIRY, -1);
        Settlement complete = new Settlement.Complete(claim);
        Duration took = Duration.ofMillis(3);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        tell(metrics, claim, complete, took);

        long before = threads.getCurrentThreadAllocatedBytes();
        tell(metrics, claim, complete, took);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated / (double) MESSAGES).as("bytes per message").isLessThan(1);
    }

    private static void tell(WorkerMetrics metrics, Claim claim, Settlement settlement, Duration took) {
        for (int i = 0; i < MESSAGES; i++) {
            metrics.claimed(claim);
            metrics.finished(claim, took, null);
            metrics.settled(settlement, Verdict.APPLIED);
            metrics.renewed(10, 0, 0, took);
        }
    }
}
