package dev.claimant.sqs;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker's ear: what the source said of its own accord. */
final class Heard implements Events {

    final List<Claim> lost = new CopyOnWriteArrayList<>();
    final List<Claim> endangered = new CopyOnWriteArrayList<>();

    @Override
    public void lost(List<Claim> claims) {
        lost.addAll(claims);
    }

    @Override
    public void endangered(List<Claim> claims, Duration finishWithin) {
        endangered.addAll(claims);
    }

    @Override
    public void wake() {}
}
