package dev.claimant.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.AlreadyDone;
import dev.claimant.Batch;
import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Message;
import dev.claimant.RetryLater;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.WorkerListener;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What stands in a span, and how a trace crosses any source. */
class TracingTest {

    private final Traces traces = new Traces();
    private final Tracing tracing = Tracing.of(traces.openTelemetry, "rabbitmq", "emails");

    private static Claim claim(Map<String, String> headers) {
        return Claim.of(new Message("m1", null, new byte[0], headers, null, null));
    }

    @Test
    void whatAnyClientSendsIsContinuedByTheHandler() throws Exception {
        Claim claim = tracing.send(TracingTest::claim);
        tracing.handler(handled -> {}).handle(claim);

        SpanData sent = traces.one("send emails");
        SpanData processed = traces.one("process emails");
        assertThat(sent.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(processed.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(processed.getParentSpanId()).isEqualTo(sent.getSpanId());
        assertThat(processed.getTraceId()).isEqualTo(sent.getTraceId());
        assertThat(processed.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(processed.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("messaging.system"), "rabbitmq")
                .containsEntry(AttributeKey.stringKey("messaging.message.id"), "m1")
                .containsEntry(AttributeKey.stringKey("messaging.operation.type"), "process")
                .containsEntry(AttributeKey.longKey("claimant.attempt"), 1L);
    }

    @Test
    void aMessageWithoutATraceBeginsOne() throws Exception {
        tracing.handler(handled -> {}).handle(claim(Map.of()));
        assertThat(traces.one("process emails").getParentSpanContext().isValid())
                .isFalse();
    }

    @Test
    @SuppressWarnings("MustBeClosedChecker") // that it is not closed is the point
    void whatAHandlerLeavesOnTheThreadIsNoParentOfTheNextMessage() throws Exception {
        List<Scope> forgotten = new ArrayList<>();
        Handler handler = tracing.handler(handled -> forgotten.add(Baggage.builder()
                .put("a", "b")
                .build()
                .storeInContext(Context.current())
                .makeCurrent()));
        try {
            handler.handle(claim(Map.of()));
            handler.handle(claim(Map.of()));
            tracing.batchHandler(batch -> {}).handle(Batch.of(List.of(claim(Map.of()))));
            assertThat(traces.finished()).hasSize(3).allSatisfy(span -> {
                assertThat(span.getParentSpanContext().isValid()).isFalse();
                assertThat(span.getLinks()).isEmpty();
            });
        } finally {
            Collections.reverse(forgotten);
            forgotten.forEach(Scope::close);
        }
    }

    @Test
    void headersThatAreNoTraceDoNotStopAHandler() throws Exception {
        List<String> handled = new ArrayList<>();
        for (String wrong : List.of("", "00", "00-xyz-1-01", "\u00e9".repeat(10_000), "=;,%,".repeat(10_000))) {
            tracing.handler(claim -> handled.add(wrong))
                    .handle(claim(Map.of("traceparent", wrong, "tracestate", wrong, "baggage", wrong)));
        }
        assertThat(handled).hasSize(5);
        assertThat(traces.finished())
                .allMatch(span -> !span.getParentSpanContext().isValid());
    }

    @Test
    void aBatchThatThrowsTellsOfTheMessagesThatFailedBeforeToo() {
        Claim claim = claim(Map.of());
        assertThatThrownBy(() -> tracing.batchHandler(batch -> {
                            batch.fail(claim, new IOException("no address"));
                            throw new IllegalStateException("no connection");
                        })
                        .handle(Batch.of(List.of(claim, claim(Map.of())))))
                .hasMessage("no connection");
        SpanData batch = traces.one("process emails");
        assertThat(batch.getStatus().getDescription()).isEqualTo("no connection");
        assertThat(batch.getEvents()).hasSize(2);
    }

    @Test
    void aSendThatFailsSaysSo() {
        assertThatThrownBy(() -> tracing.send(headers -> {
                    throw new IOException("no connection");
                }))
                .isInstanceOf(IOException.class);
        SpanData sent = traces.one("send emails");
        assertThat(sent.getStatus().getDescription()).isEqualTo("no connection");
        assertThat(sent.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("error.type"), IOException.class.getName());
        assertThat(sent.getEvents()).hasSize(1);
    }

    @Test
    void aDuplicateAndAnUntriedMessageAreNoErrors() {
        assertThatThrownBy(() -> tracing.handler(handled -> {
                            throw new AlreadyDone("yesterday");
                        })
                        .handle(claim(Map.of())))
                .isInstanceOf(AlreadyDone.class);
        assertThatThrownBy(() -> tracing.handler(handled -> {
                            throw new CompletionException(new AlreadyDone("on another thread"));
                        })
                        .handle(claim(Map.of())))
                .isInstanceOf(CompletionException.class);
        assertThatThrownBy(() -> tracing.handler(handled -> {
                            throw RetryLater.untried(Duration.ofSeconds(1), "busy");
                        })
                        .handle(claim(Map.of())))
                .isInstanceOf(RetryLater.class);
        assertThat(traces.finished())
                .extracting(span -> span.getStatus().getStatusCode())
                .containsOnly(StatusCode.UNSET)
                .hasSize(3);
        assertThat(traces.finished())
                .extracting(span -> span.getAttributes().get(AttributeKey.booleanKey("claimant.duplicate")))
                .containsExactly(true, true, null);
        assertThat(traces.finished().get(2).getAttributes().asMap())
                .containsEntry(AttributeKey.booleanKey("claimant.untried"), true);
    }

    @Test
    void duplicatesAndUntriedMessagesOfABatchAreNoErrorsEither() throws Exception {
        Claim known = claim(Map.of());
        Claim busy = claim(Map.of());
        Batch batch = Batch.of(List.of(known, busy));
        tracing.batchHandler(given -> {
                    given.fail(known, new AlreadyDone("yesterday"));
                    given.fail(busy, RetryLater.untried(Duration.ofSeconds(1), "busy"));
                })
                .handle(batch);
        assertThatThrownBy(() -> tracing.batchHandler(given -> {
                            throw RetryLater.untried(Duration.ofSeconds(1), "no connection yet");
                        })
                        .handle(Batch.of(List.of(busy))))
                .isInstanceOf(RetryLater.class);
        assertThat(traces.finished()).hasSize(2).allSatisfy(span -> {
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(span.getEvents()).isEmpty();
        });
    }

    @Test
    void aRetryThatTheSourceHasNotAcceptedSaysSo() {
        WorkerListener listener = tracing.listener();
        Claim claim = claim(Map.of());
        assertThatThrownBy(() -> tracing.handler(handled -> {
                            throw new IllegalStateException("no");
                        })
                        .handle(claim))
                .hasMessage("no");
        listener.settled(new Settlement.Retry(claim, Duration.ofSeconds(3), "no"), Verdict.LOST);
        SpanData retry = traces.one("retry emails");
        assertThat(retry.getParentSpanId())
                .isEqualTo(traces.one("process emails").getSpanId());
        assertThat(retry.getStatus().getDescription()).contains("LOST");
        assertThat(retry.getAttributes().asMap()).containsEntry(AttributeKey.longKey("claimant.retry.delay_ms"), 3000L);
    }

    @Test
    void theWorkerSeesTheBatchInsideTheTrace() {
        Handler batches = tracing.handler(Handler.batching(7, Duration.ofSeconds(2), batch -> {}));
        assertThat(batches.batchSize()).isEqualTo(7);
        assertThat(batches.batchWait()).isEqualTo(Duration.ofSeconds(2));
    }
}
