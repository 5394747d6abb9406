package dev.claimant.sample;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.List;

/** For a source that is asked by a test and not by a worker. */
public final class NoEvents implements Events {

    @Override
    public void lost(List<Claim> claims) {}

    @Override
    public void endangered(List<Claim> claims, Duration finishWithin) {}

    @Override
    public void wake() {}
}
