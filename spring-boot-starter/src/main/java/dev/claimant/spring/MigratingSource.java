package dev.claimant.spring;

import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.ForwardingSource;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;

/** Brings the schema up to date before the source is opened: as patiently as the worker starts. */
final class MigratingSource extends ForwardingSource {

    private final Runnable migration;

    MigratingSource(Source source, Runnable migration) {
        super(source);
        this.migration = migration;
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        migration.run();
        return super.open(plan, events);
    }
}
