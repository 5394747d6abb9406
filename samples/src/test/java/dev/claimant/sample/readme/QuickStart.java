package dev.claimant.sample.readme;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.JobOptions;
import dev.claimant.PermanentFailure;
import dev.claimant.RetryPolicy;
import dev.claimant.Worker;
import dev.claimant.micrometer.WorkerMetrics;
import dev.claimant.opentelemetry.PostgresTracing;
import dev.claimant.opentelemetry.Tracing;
import dev.claimant.postgres.Inbox;
import dev.claimant.postgres.PostgresClaim;
import dev.claimant.postgres.PostgresQueue;
import dev.claimant.rabbitmq.RabbitMqConfig;
import dev.claimant.rabbitmq.RabbitMqSource;
import dev.claimant.spi.Source;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/** The regions below are printed in README.md and the pages, word for word. {@link ReadmeTest} checks that, and runs them. */
final class QuickStart {

    final Queue<String> sent = new ConcurrentLinkedQueue<>();
    private final DataSource dataSource;

    QuickStart(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    Worker worker(Source source) {
        // region worker
        Worker worker = Worker.builder(source)
                .slots(16) // handlers that run at once
                .retry(RetryPolicy.exponential().maxAttempts(5))
                .handlerTimeout(Duration.ofMinutes(2))
                .handler(claim -> send(claim.text()))
                .build();
        // endregion
        return worker;
    }

    int job(Worker worker, String jobName) {
        // region job
        JobOptions oneMessage = JobOptions.messages(1).owner(jobName);
        int exitCode = worker.runJob(oneMessage).exitCode(); // for System.exit
        // endregion
        return exitCode;
    }

    static Source rabbitMq() {
        // region rabbitmq
        Source source = RabbitMqSource.of(RabbitMqConfig.queue("amqp://worker:secret@rabbit:5672/shop", "emails")
                .management("http://monitor:secret@rabbit:15672") // for an exact backlog
                .build()); // the queues must exist: RabbitMqSource.declare makes them
        // endregion
        return source;
    }

    PrometheusMeterRegistry measured(Source source) {
        // region metrics
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        WorkerMetrics metrics = new WorkerMetrics(registry, "emails");
        Worker worker = Worker.builder(source)
                .managementPort(8080) // /livez, /readyz and /metrics
                .metrics(registry::scrape)
                .listener(metrics)
                .handler(claim -> send(claim.text()))
                .build();
        metrics.watch(worker).watch(source, Duration.ofSeconds(30));
        // endregion
        return registry;
    }

    Worker traced(Source source, OpenTelemetry openTelemetry) {
        // region traces
        Tracing tracing = Tracing.of(openTelemetry, "postgresql", "emails");
        Worker worker = Worker.builder(source)
                .handler(tracing.handler(claim -> send(claim.text())))
                .listener(tracing.listener()) // spans of retries and dead letters
                .build();
        PostgresQueue queue = PostgresTracing.traced(openTelemetry, new PostgresQueue(dataSource, "emails"));
        queue.enqueue("ada@example.org"); // a span; another client sends within tracing.send(headers -> ...)
        // endregion
        return worker;
    }

    Handler booking() {
        // region inbox
        Handler booking = new Inbox(dataSource, "bookings")
                .handler((claim, connection) -> insertBooking(connection, claim.text()));
        // endregion
        return booking;
    }

    // region transaction
    void book(Claim claim) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            insertBooking(connection, claim.text());
            ((PostgresClaim) claim).completeIn(connection); // throws if the lock was lost
            connection.commit(); // the booking and the completion, or neither
        }
    }
    // endregion

    Handler batches() {
        // region batches
        Handler batches = Handler.batching(100, Duration.ofMillis(50), batch -> {
            for (Claim claim : sendAll(batch.claims())) { // what was refused
                batch.fail(claim, new PermanentFailure("no such address"));
            }
        });
        // endregion
        return batches;
    }

    private List<Claim> sendAll(List<Claim> claims) {
        List<Claim> wrong =
                claims.stream().filter(claim -> !claim.text().contains("@")).toList();
        claims.stream().filter(claim -> !wrong.contains(claim)).forEach(claim -> send(claim.text()));
        return wrong;
    }

    static RetryPolicy retry() {
        // region retry
        RetryPolicy retry = RetryPolicy.exponential()
                .deadLetterOn(IllegalArgumentException.class)
                .on(
                        ConnectException.class,
                        RetryPolicy.fixed(Duration.ofSeconds(10)).maxAttempts(30));
        // endregion
        return retry;
    }

    private static void insertBooking(Connection connection, String text) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO booking VALUES (?)")) {
            insert.setString(1, text);
            insert.executeUpdate();
        }
    }

    private void send(String address) {
        sent.add(address);
    }
}
