package dev.claimant.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Gate;
import dev.claimant.Message;
import dev.claimant.PermanentFailure;
import dev.claimant.Worker;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrometheusTest {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void aWorkersMetricsCanBeScrapedFromItsManagementPort() throws Exception {
        InMemoryQueue queue = new InMemoryQueue();
        InMemorySource source = new InMemorySource(queue);
        for (String id : List.of("a", "b", "hopeless")) {
            queue.send(Message.of(id, "secret"));
        }
        Gate settled = new Gate(3);
        WorkerMetrics metrics = new WorkerMetrics(registry, "emails");
        try (Worker worker = Worker.builder(source)
                .slots(4)
                .handler(claim -> {
                    if (claim.id().equals("hopeless")) {
                        throw new PermanentFailure("no");
                    }
                })
                .listener(metrics)
                .listener(new OnSettled(settled))
                .managementPort(0)
                .metrics(registry::scrape)
                .build()) {
            metrics.watch(worker).watch(source, Duration.ofSeconds(30));
            worker.start();
            settled.await();
            registry.scrape(); // asks for the backlog, which the next one then has in any case

            HttpResponse<String> response = get(worker.managementPort());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(response.body().lines().filter(line -> !line.startsWith("#")))
                    .contains(
                            "claimant_claimed_messages_total{source=\"emails\"} 3.0",
                            "claimant_redelivered_messages_total{source=\"emails\"} 0.0",
                            "claimant_settled_messages_total{kind=\"complete\",source=\"emails\",verdict=\"applied\"} 2.0",
                            "claimant_settled_messages_total{kind=\"complete\",source=\"emails\",verdict=\"lost\"} 0.0",
                            "claimant_settled_messages_total{kind=\"dead_letter\",source=\"emails\",verdict=\"applied\"} 1.0",
                            "claimant_handler_seconds_count{outcome=\"completed\",source=\"emails\"} 2",
                            "claimant_handler_seconds_count{outcome=\"failed\",source=\"emails\"} 1",
                            "claimant_handler_timeouts_total{source=\"emails\"} 0.0",
                            "claimant_locks_lost_total{source=\"emails\"} 0.0",
                            "claimant_locks_renewed_total{source=\"emails\",verdict=\"unknown\"} 0.0",
                            "claimant_renewal_seconds_count{source=\"emails\"} 0",
                            "claimant_source_failures_total{operation=\"renew_locks\",source=\"emails\"} 0.0",
                            "claimant_ready_workers{source=\"emails\"} 1.0",
                            "claimant_slots{source=\"emails\"} 4.0",
                            "claimant_running_handlers{source=\"emails\"} 0.0",
                            "claimant_stuck_handlers{source=\"emails\"} 0.0",
                            "claimant_waiting_messages{source=\"emails\"} 0.0",
                            "claimant_parked_messages{source=\"emails\"} 0.0",
                            "claimant_unsettled_messages{source=\"emails\"} 0.0",
                            "claimant_held_messages{source=\"emails\"} 0.0",
                            "claimant_backlog_scaler_messages{source=\"emails\"} 0.0",
                            "claimant_backlog_messages{source=\"emails\",state=\"dead\"} 1.0");
            assertThat(response.body()).doesNotContain("hopeless", "secret");
        }
    }

    private static HttpResponse<String> get(int port) throws Exception {
        URI uri = URI.create("http://localhost:" + port + "/metrics");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        BodyHandlers.ofString());
    }
}
