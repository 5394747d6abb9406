package dev.claimant.spi;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * A source around another one: each call goes there, except those that a subclass overrides. Whoever wraps a source extends this, so that a
 * call which {@link Source} gains later is forwarded too.
 */
public abstract class ForwardingSource implements Source {

    private final Source source;

    /** Around this source. */
    protected ForwardingSource(Source source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        return source.open(plan, events);
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        return source.claim(demand, wait);
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        return source.renew(claims, within);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        return source.settle(settlements, within);
    }

    @Override
    public void stopClaiming() {
        source.stopClaiming();
    }

    @Override
    public Backlog backlog() {
        return source.backlog();
    }

    @Override
    public Map<String, LongSupplier> gauges() {
        return source.gauges();
    }

    @Override
    public void close() {
        source.close();
    }
}
