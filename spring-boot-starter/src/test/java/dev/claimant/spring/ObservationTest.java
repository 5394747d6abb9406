package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.AlreadyDone;
import dev.claimant.Handler;
import dev.claimant.JobOptions;
import dev.claimant.Message;
import dev.claimant.PermanentFailure;
import dev.claimant.Worker;
import dev.claimant.postgres.PostgresQueue;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import dev.claimant.postgres.PostgresSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An observation for each run of a handler; with Spring Boot's tracing it continues the sender's trace. */
class ObservationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @Configuration(proxyBeanMethods = false)
    static class Emails {

        @Bean
        Handler emails() {
            return claim -> {
                switch (claim.text()) {
                    case "known" -> throw new AlreadyDone("yesterday");
                    case "known elsewhere" -> throw new CompletionException(new AlreadyDone("on another thread"));
                    case "wrong" -> throw new PermanentFailure("no such address");
                    default -> {}
                }
            };
        }
    }

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    private ApplicationContextRunner traced() {
        return Contexts.inMemory()
                .withUserConfiguration(Emails.class)
                .withConfiguration(AutoConfigurations.of(
                        ClaimantObservationConfiguration.class,
                        ObservationAutoConfiguration.class,
                        MicrometerTracingAutoConfiguration.class,
                        OpenTelemetryTracingAutoConfiguration.class,
                        OpenTelemetrySdkAutoConfiguration.class))
                .withBean(InMemorySpanExporter.class, () -> exporter)
                .withPropertyValues("management.tracing.sampling.probability=1");
    }

    @Test
    void aHandlersSpanContinuesTheTraceOfItsMessage() {
        traced().run(context -> {
            Map<String, String> headers = Map.of("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");
            byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
            context.getBean(InMemoryQueues.class)
                    .queue("emails")
                    .send(new Message("m1", "m1", body, headers, null, null));

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(spans("process emails"))
                        .singleElement()
                        .satisfies(span -> assertThat(span.getTraceId()).isEqualTo(TRACE))
                        .satisfies(span -> assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331"));
            });
        });
    }

    @Test
    void whatIsEnqueuedCarriesTheTraceOfTheCall() {
        traced().run(context -> {
            ObservedQueues queues = new ObservedQueues(context.getBeanProvider(ObservationRegistry.class));
            List<String> enqueued =
                    queues.<RuntimeException>around("orders", List.of(NewMessage.of("tea")), messages -> {
                        assertThat(messages).hasSize(1);
                        return List.of("1");
                    });
            assertThat(enqueued).containsExactly("1");
            assertThatThrownBy(() -> queues.<RuntimeException>around("orders", List.of(), messages -> {
                        throw new IllegalStateException("no database");
                    }))
                    .hasMessage("no database");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(spans("send orders"))
                            .extracting(span -> span.getStatus().getStatusCode().name())
                            .containsExactly("OK", "ERROR"));
        });
    }

    @Test
    void aMessageInTheDatabaseHasTheTraceOfTheCallThatEnqueuedIt() throws IOException {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            DataSource database = server.getPostgresDatabase();
            PostgresSource.migrate(database);
            traced().withBean(PostgresQueue.class, () -> new PostgresQueue(database, "orders"))
                    .run(context -> {
                        context.getBean(PostgresQueue.class).enqueue("tea");

                        await().atMost(PATIENCE)
                                .until(() -> spans("send orders").size() == 1);
                        SpanContext sent = spans("send orders").get(0).getSpanContext();
                        assertThat(headersOfTheOnlyMessage(database).get("traceparent"))
                                .startsWith("00-" + sent.getTraceId() + "-" + sent.getSpanId() + "-");
                    });
        }
    }

    private static Map<String, String> headersOfTheOnlyMessage(DataSource database) {
        List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
        try (PostgresSource source = PostgresSource.queue(database, "orders");
                Worker worker = Worker.builder(source)
                        .handler(claim -> headers.add(claim.message().headers()))
                        .build()) {
            worker.runJob(JobOptions.messages(1));
        }
        assertThat(headers).hasSize(1);
        return headers.get(0);
    }

    private List<SpanData> spans(String name) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    @Test
    void withoutTracingThereAreTimersWithFewTags() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        observed(registry).run(context -> {
            InMemoryQueues queues = context.getBean(InMemoryQueues.class);
            List.of("right", "known", "known elsewhere", "wrong").forEach(text -> queues.send("emails", text));

            Map<String, Integer> outcomes = Map.of("completed", 1, "duplicate", 2, "failed", 1);
            outcomes.forEach((outcome, times) -> await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(count(meters, outcome)).as(outcome).isEqualTo(times.longValue())));
        });
    }

    private static long count(MeterRegistry meters, String outcome) {
        var timer = meters.find("claimant.process")
                .tags("claimant.worker", "emails", "claimant.outcome", outcome)
                .timer();
        return timer == null || timer.max(TimeUnit.NANOSECONDS) < 0 ? 0 : timer.count();
    }

    private static ApplicationContextRunner observed(ObservationRegistry registry) {
        return Contexts.inMemory()
                .withUserConfiguration(Emails.class)
                .withConfiguration(AutoConfigurations.of(ClaimantObservationConfiguration.class))
                .withBean(ObservationRegistry.class, () -> registry);
    }

    @Test
    void itCanBeLeftOut() {
        observed(ObservationRegistry.create())
                .withPropertyValues("claimant.observations=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(HandlerDecorator.class)
                        .doesNotHaveBean(ObservedQueues.class));
        observed(ObservationRegistry.create()).run(context -> {
            ObjectProvider<HandlerDecorator> decorators = context.getBeanProvider(HandlerDecorator.class);
            Handler batches = Handler.batching(5, Duration.ofSeconds(1), batch -> {});
            Handler decorated = decorators.getObject().decorate("emails", batches);
            assertThat(decorated.batchSize()).isEqualTo(5);
            assertThat(decorated.batchWait()).isEqualTo(Duration.ofSeconds(1));
        });
    }
}
