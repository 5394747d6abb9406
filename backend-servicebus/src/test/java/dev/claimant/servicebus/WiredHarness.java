package dev.claimant.servicebus;

import dev.claimant.contract.Harness;
import dev.claimant.contract.NotApplicable;
import dev.claimant.contract.Wire;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;

/** What all harnesses of Service Bus have: wires of each source's own, and how exact one may expect it to be. */
abstract class WiredHarness implements Harness {

    private final IdentityHashMap<Source, List<Wire>> wires = new IdentityHashMap<>();

    /** Remembers what the source's connections go through. */
    Source behind(Source source, Wire... its) {
        wires.put(source, List.of(its));
        return source;
    }

    private void each(Source source, Consumer<Wire> step) {
        List<Wire> its = wires.getOrDefault(source, List.of());
        if (its.isEmpty()) {
            throw new NotApplicable("connections to a server somewhere else cannot be cut");
        }
        its.forEach(step);
    }

    @Override
    public int connections() {
        return wires.values().stream()
                .flatMap(List::stream)
                .mapToInt(Wire::connections)
                .sum();
    }

    @Override
    public void cut(Source source) {
        each(source, Wire::cut);
    }

    @Override
    public void mute(Source source) {
        each(source, Wire::mute);
    }

    @Override
    public void mend(Source source) {
        each(source, Wire::mend);
    }

    @Override
    public Duration patience() {
        return TestEntity.PATIENCE;
    }

    /** What is there arrives within milliseconds, by way of a link that may have to be opened first. */
    @Override
    public Duration quiet() {
        return Duration.ofMillis(500);
    }

    @Override
    public Duration precision() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void close() {
        wires.values().forEach(its -> its.forEach(Wire::close));
    }
}
