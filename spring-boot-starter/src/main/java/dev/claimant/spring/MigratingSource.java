package dev.claimant.spring;

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

/** Brings the schema up to date before the source is opened: as patiently as the worker starts. */
final class MigratingSource implements Source {

    private final Source source;
    private final Runnable migration;

    MigratingSource(Source source, Runnable migration) {
        this.source = source;
        this.migration = migration;
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        migration.run();
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
