package dev.claimant.contract;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Another source as it is; a subclass changes what it wants. */
public class DelegatingSource implements Source {

    final Source real;

    protected DelegatingSource(Source real) {
        this.real = real;
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        return real.open(plan, events);
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        return real.claim(demand, wait);
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        return real.renew(claims, within);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        return real.settle(settlements, within);
    }

    @Override
    public void stopClaiming() {
        real.stopClaiming();
    }

    @Override
    public Backlog backlog() {
        return real.backlog();
    }

    @Override
    public Map<String, LongSupplier> gauges() {
        return real.gauges();
    }

    @Override
    public void close() {
        real.close();
    }
}
