package dev.claimant.opentelemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** OpenTelemetry's SDK with an exporter in memory. */
final class Traces {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    final OpenTelemetry openTelemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .setPropagators(ContextPropagators.create(TextMapPropagator.composite(
                    W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance())))
            .build();

    List<SpanData> finished() {
        return exporter.getFinishedSpanItems();
    }

    SpanData one(String name) {
        List<SpanData> found =
                finished().stream().filter(span -> span.getName().equals(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one span '" + name + "' among " + finished());
        }
        return found.get(0);
    }

    /** Each span below its parent, by the time of their beginnings: kind, name, status. */
    List<String> trees() {
        List<SpanData> all = finished().stream()
                .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
                .toList();
        List<String> lines = new ArrayList<>();
        for (SpanData span : all) {
            boolean isRoot = all.stream().noneMatch(other -> other.getSpanId().equals(span.getParentSpanId()));
            if (isRoot) {
                addTree(span, "", all, lines);
            }
        }
        return lines;
    }

    private static void addTree(SpanData span, String indent, List<SpanData> all, List<String> lines) {
        String status = span.getStatus().getStatusCode().name().equals("UNSET")
                ? ""
                : " " + span.getStatus().getStatusCode() + ": "
                        + span.getStatus().getDescription();
        lines.add(indent + span.getKind() + " " + span.getName() + status);
        all.stream()
                .filter(child -> child.getParentSpanId().equals(span.getSpanId()))
                .forEach(child -> addTree(child, indent + "  ", all, lines));
    }
}
