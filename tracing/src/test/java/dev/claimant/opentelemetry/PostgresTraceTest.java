package dev.claimant.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.RetryPolicy;
import dev.claimant.Worker;
import dev.claimant.postgres.PostgresQueue;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import dev.claimant.postgres.PostgresSource;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Traces through a real PostgreSQL, from one enqueue to the next. */
class PostgresTraceTest {

    private static DataSource database = new PGSimpleDataSource();
    private static AutoCloseable server = () -> {};

    private final Traces traces = new Traces();

    @BeforeAll
    static void start() throws IOException {
        String url = System.getenv("CLAIMANT_PG_URL");
        if (url != null) {
            PGSimpleDataSource given = new PGSimpleDataSource();
            given.setURL(url);
            database = given;
        } else {
            EmbeddedPostgres embedded = EmbeddedPostgres.start();
            server = embedded;
            database = embedded.getPostgresDatabase();
        }
        PostgresSource.migrate(database);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private PostgresQueue queue(String name) {
        return PostgresTracing.traced(traces.openTelemetry, new PostgresQueue(database, name));
    }

    private Worker worker(String queue, Handler handler) {
        Tracing tracing = Tracing.of(traces.openTelemetry, "postgresql", queue);
        return Worker.builder(PostgresSource.queue(database, queue))
                .name(queue)
                .retry(RetryPolicy.immediate().maxAttempts(2))
                .handler(tracing.handler(handler))
                .listener(tracing.listener())
                .build();
    }

    @Test
    void aTraceGoesFromAnEnqueueThroughItsHandlersToAFollowUpAndItsEnd() {
        PostgresQueue orders = queue("orders");
        PostgresQueue emails = queue("emails");
        List<String> customers = new CopyOnWriteArrayList<>();
        Handler ship = claim -> {
            if (claim.attempt() == 1) {
                throw new IllegalStateException("no parcel");
            }
            customers.add(String.valueOf(Baggage.current().getEntryValue("customer")));
            emails.enqueue("shipped " + claim.text());
        };
        Handler send = claim -> {
            throw new IllegalArgumentException("no such address");
        };
        try (Worker shipping = worker("orders", ship);
                Worker sending = worker("emails", send)) {
            Span request = traces.openTelemetry
                    .getTracer("test")
                    .spanBuilder("POST /orders")
                    .startSpan();
            try (Scope span = request.makeCurrent();
                    Scope baggage =
                            Baggage.builder().put("customer", "ada").build().makeCurrent()) {
                orders.enqueue("order 7");
            } finally {
                request.end();
            }
            shipping.start();
            sending.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> traces.finished().stream()
                            .anyMatch(span -> span.getName().equals("dead-letter emails")));
            await().atMost(Duration.ofSeconds(30)).until(() -> traces.finished().size() == 10);
        }

        List<String> tree = traces.trees();
        System.out.println("The trace of an order:\n" + String.join("\n", tree));
        assertThat(tree)
                .containsExactly(
                        "INTERNAL POST /orders",
                        "  PRODUCER send orders",
                        "    CONSUMER process orders ERROR: no parcel",
                        "      CLIENT retry orders",
                        "    CONSUMER process orders",
                        "      PRODUCER send emails",
                        "        CONSUMER process emails ERROR: no such address",
                        "          CLIENT retry emails",
                        "        CONSUMER process emails ERROR: no such address",
                        "          CLIENT dead-letter emails ERROR: attempt 2 failed: java.lang.IllegalArgumentException: no such address");
        assertThat(traces.finished())
                .extracting(SpanData::getTraceId)
                .containsOnly(traces.finished().get(0).getTraceId());
        assertThat(customers).containsExactly("ada");
        assertThat(traces.one("send orders").getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("messaging.system"), "postgresql")
                .containsEntry(AttributeKey.stringKey("messaging.destination.name"), "orders")
                .containsEntry(AttributeKey.stringKey("messaging.operation.name"), "send")
                .containsEntry(AttributeKey.stringKey("messaging.operation.type"), "send");
        assertThat(traces.one("dead-letter emails").getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("messaging.operation.type"), "settle")
                .containsEntry(AttributeKey.longKey("claimant.attempt"), 2L)
                .containsEntry(AttributeKey.stringKey("claimant.verdict"), "APPLIED");
    }

    @Test
    void aBatchIsLinkedToTheTracesOfItsMessages() {
        PostgresQueue invoices = queue("invoices");
        invoices.enqueue("a");
        invoices.enqueue(List.of(NewMessage.of("b"), NewMessage.of("c")));
        Tracing tracing = Tracing.of(traces.openTelemetry, "postgresql", "invoices");
        Handler batches = Handler.batching(3, Duration.ofMinutes(1), tracing.batchHandler(batch -> {
            Claim wrong = batch.claims().stream()
                    .filter(claim -> claim.text().equals("b"))
                    .findFirst()
                    .orElseThrow();
            batch.fail(wrong, new IllegalStateException("no"));
        }));
        try (Worker worker = Worker.builder(PostgresSource.queue(database, "invoices"))
                .retry(RetryPolicy.fixed(Duration.ofHours(1)))
                .handler(batches)
                .build()) {
            worker.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> traces.finished().size() == 3);
        }

        SpanData batch = traces.one("process invoices");
        List<SpanData> sent = traces.finished().stream()
                .filter(span -> span.getName().equals("send invoices"))
                .toList();
        assertThat(batch.getParentSpanContext().isValid()).isFalse();
        assertThat(batch.getLinks())
                .extracting(link -> link.getSpanContext().getSpanId())
                .containsExactlyInAnyOrder(
                        sent.get(0).getSpanId(),
                        sent.get(1).getSpanId(),
                        sent.get(1).getSpanId());
        assertThat(batch.getAttributes().asMap())
                .containsEntry(AttributeKey.longKey("messaging.batch.message_count"), 3L);
        assertThat(batch.getEvents()).hasSize(1);
        assertThat(batch.getStatus().getDescription()).isEqualTo("some messages of the batch failed");
    }

    @Test
    void messagesOfATransactionAndOfEnqueueOnceCarryTheTraceToo() throws Exception {
        PostgresQueue plain = new PostgresQueue(database, "carried");
        PostgresQueue traced = PostgresTracing.traced(traces.openTelemetry, plain);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            traced.enqueue(connection, NewMessage.of("in a transaction"));
            traced.enqueue(connection, List.of(NewMessage.of("in a list")));
            traced.enqueueOnce(connection, NewMessage.of("once").idempotencyKey("1"));
            connection.commit();
        }
        assertThat(traced.enqueueOnce(NewMessage.of("once more").idempotencyKey("1")))
                .isFalse();
        assertThat(traced.enqueueOnce(NewMessage.of("two").idempotencyKey("2"))).isTrue();

        List<String> headers = new CopyOnWriteArrayList<>();
        try (Worker worker = Worker.builder(PostgresSource.queue(database, "carried"))
                .handler(claim ->
                        headers.add(String.valueOf(claim.message().headers().get("traceparent"))))
                .build()) {
            worker.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> headers.size() == 4);
        }
        assertThat(headers).doesNotContain("null").doesNotHaveDuplicates();
        assertThat(traces.finished()).hasSize(5);
    }
}
