package dev.claimant.micrometer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Makes the meters of one worker, each with the tag {@code source}. */
final class Meters {

    private final MeterRegistry registry;
    private final Tags source;
    private final List<Gauge> gauges = new CopyOnWriteArrayList<>();

    Meters(MeterRegistry registry, String source) {
        this.registry = registry;
        this.source = Tags.of("source", source);
    }

    Clock clock() {
        return registry.config().clock();
    }

    Timer timer(String name, String description, String... tags) {
        return Timer.builder(name)
                .description(description)
                .tags(source.and(tags))
                .register(registry);
    }

    Counter counter(String name, @Nullable String unit, String description, String... tags) {
        return Counter.builder(name)
                .baseUnit(unit)
                .description(description)
                .tags(source.and(tags))
                .register(registry);
    }

    /** A gauge, in the place of one that an earlier worker may have left. */
    <T> void gauge(String name, String unit, String description, T from, ToDoubleFunction<T> read, String... tags) {
        Tags all = source.and(tags);
        registry.find(name).tags(all).gauges().forEach(registry::remove);
        gauges.add(Gauge.builder(name, from, read)
                .baseUnit(unit)
                .description(description)
                .tags(all)
                .strongReference(true)
                .register(registry));
    }

    void removeGauges() {
        gauges.forEach(registry::remove);
    }
}
