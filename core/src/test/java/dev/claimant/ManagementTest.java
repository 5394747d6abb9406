package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.contract.FreePorts;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Capabilities.Ordering;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The port on which a real worker answers. */
class ManagementTest {

    private final InMemoryQueue queue = new InMemoryQueue();
    private final InMemorySource source = new InMemorySource(queue);

    @Test
    void metricsAreServedOnlyWhereThereAreAny() {
        try (Worker with = worker(claim -> {}).metrics(() -> "answer 42\n").build();
                Worker without = Worker.builder(new InMemorySource(queue))
                        .handler(claim -> {})
                        .managementPort(0)
                        .build()) {
            with.start();
            without.start();

            assertThat(new Probe(with).get("/metrics").body()).isEqualTo("answer 42\n");
            assertThat(new Probe(without).status("/metrics")).isEqualTo(404);
            assertThat(new Probe(with).status("/")).isEqualTo(404);
            assertThat(new Probe(with).status("/livezz")).isEqualTo(404);
            assertThat(new Probe(with).status("/readyz/more")).isEqualTo(404);
        }
    }

    @Test
    void metricsThatFailAreAnErrorThatSaysWhy() {
        try (Worker worker = worker(claim -> {})
                .metrics(() -> {
                    throw new IllegalStateException("the registry is closed");
                })
                .build()) {
            worker.start();

            assertThat(new Probe(worker).status("/metrics")).isEqualTo(500);
            assertThat(new Probe(worker).get("/metrics").body())
                    .isEqualTo("java.lang.IllegalStateException: the registry is closed\n");
        }
    }

    @Test
    void scrapesThatHangKeepNoProbeFromItsAnswer() throws Exception {
        Gate scrapesMayEnd = new Gate();
        Gate scrapes = new Gate();
        try (Worker worker = worker(claim -> {})
                .metrics(() -> {
                    scrapes.open();
                    scrapesMayEnd.awaitWhateverHappens();
                    return "answer 42\n";
                })
                .build()) {
            worker.start();
            Probe probe = new Probe(worker);
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(probe.later("/metrics"));
            }
            scrapes.await();

            assertThat(probe.status("/livez")).isEqualTo(200);
            assertThat(probe.status("/readyz")).isEqualTo(200);

            scrapesMayEnd.open();
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
            assertThat(answers).extracting(CompletableFuture::join).containsOnly(200, 503);
        }
    }

    @Test
    void aPortThatIsTakenIsAConfigurationProblemThatNamesTheSettingAndThePort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                Worker worker =
                        worker(claim -> {}).managementPort(taken.getLocalPort()).build()) {

            assertThatThrownBy(worker::start)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("managementPort: cannot listen on " + taken.getLocalPort() + ": ");
        }
    }

    @Test
    void aWrongConfigurationLeavesNothingListening() throws Exception {
        int port = FreePorts.next();
        InMemoryQueue unordered = new InMemoryQueue(
                InMemoryQueue.allCapabilities().with(all -> all.ordering(Ordering.NONE)), System::nanoTime);
        try (Worker worker = Worker.builder(new InMemorySource(unordered))
                .handler(claim -> {})
                .ordered()
                .managementPort(port)
                .build()) {

            assertThatThrownBy(worker::start)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("ordered: true");

            assertThat(worker.managementPort()).isEqualTo(-1);
            new ServerSocket(port).close();
        }
    }

    @Test
    void withoutAManagementPortNothingListens() {
        try (Worker worker = Worker.builder(source).handler(claim -> {}).build()) {
            worker.start();

            assertThat(worker.managementPort()).isEqualTo(-1);
        }
    }

    private WorkerBuilder worker(Handler handler) {
        return Worker.builder(source).handler(handler).managementPort(0);
    }
}
