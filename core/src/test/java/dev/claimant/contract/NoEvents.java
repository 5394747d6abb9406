package dev.claimant.contract;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.List;

/** For tests that call a source themselves, and of which nobody waits to be told anything. */
public enum NoEvents implements Events {
    INSTANCE;

    @Override
    public void lost(List<Claim> claims) {}

    @Override
    public void endangered(List<Claim> claims, Duration finishWithin) {}

    @Override
    public void wake() {}
}
