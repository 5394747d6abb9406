package dev.claimant;

import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a source is given when it opens, before there is an engine: until then nothing is held that could be lost. */
final class DeferredEvents implements Events {

    private volatile @Nullable Events engine;

    void deliverTo(Events engine) {
        this.engine = engine;
    }

    @Override
    public void lost(List<Claim> claims) {
        Events to = engine;
        if (to != null) {
            to.lost(claims);
        }
    }

    @Override
    public void endangered(List<Claim> claims, Duration finishWithin) {
        Events to = engine;
        if (to != null) {
            to.endangered(claims, finishWithin);
        }
    }

    @Override
    public void wake() {
        Events to = engine;
        if (to != null) {
            to.wake();
        }
    }

    @Override
    public void impaired(@Nullable String why) {
        Events to = engine;
        if (to != null) {
            to.impaired(why);
        }
    }

    @Override
    public void broken(@Nullable String why) {
        Events to = engine;
        if (to != null) {
            to.broken(why);
        }
    }
}
