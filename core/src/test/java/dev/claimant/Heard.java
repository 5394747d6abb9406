package dev.claimant;

import dev.claimant.spi.Settlement;
import dev.claimant.spi.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Remembers what a worker announced. */
final class Heard implements WorkerListener {

    final List<Claim> claimed = new ArrayList<>();
    final List<String> settled = new ArrayList<>();
    final List<String> lost = new ArrayList<>();
    final List<String> parked = new ArrayList<>();
    final List<String> timedOut = new ArrayList<>();

    @Override
    public void claimed(Claim claim) {
        claimed.add(claim);
    }

    @Override
    public void settled(Settlement settlement, Verdict verdict) {
        settled.add(
                settlement.getClass().getSimpleName() + " " + settlement.claim().id() + " " + verdict);
    }

    @Override
    public void lockLost(Claim claim) {
        lost.add(claim.id());
    }

    @Override
    public void parked(Claim claim, Duration delay) {
        parked.add(claim.id());
    }

    @Override
    public void timedOut(Claim claim) {
        timedOut.add(claim.id());
    }
}
