package dev.claimant;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers what a worker announced. */
final class Heard implements WorkerListener {

    /** Every event, in the order in which it was told. */
    final List<String> all = new CopyOnWriteArrayList<>();

    final List<Claim> claimed = new CopyOnWriteArrayList<>();
    final List<String> settled = new CopyOnWriteArrayList<>();
    final List<String> lost = new CopyOnWriteArrayList<>();
    final List<String> parked = new CopyOnWriteArrayList<>();
    final List<String> timedOut = new CopyOnWriteArrayList<>();
    final List<String> failed = new CopyOnWriteArrayList<>();

    @Override
    public void claimed(Claim claim) {
        claimed.add(claim);
        all.add("claimed " + claim.id());
    }

    @Override
    public void started(Claim claim) {
        all.add("started " + claim.id());
    }

    @Override
    public void finished(Claim claim, Duration took, @Nullable Throwable failure) {
        all.add((failure == null ? "finished " : "failed ") + claim.id());
    }

    @Override
    public void settled(Settlement settlement, Verdict verdict) {
        String what =
                settlement.getClass().getSimpleName() + " " + settlement.claim().id() + " " + verdict;
        settled.add(what);
        all.add(what);
    }

    @Override
    public void lockLost(Claim claim) {
        lost.add(claim.id());
        all.add("lost " + claim.id());
    }

    @Override
    public void parked(Claim claim, Duration delay) {
        parked.add(claim.id());
        all.add("parked " + claim.id());
    }

    @Override
    public void timedOut(Claim claim) {
        timedOut.add(claim.id());
        all.add("timed out " + claim.id());
    }

    @Override
    public void sourceFailed(String operation, Exception problem) {
        failed.add(operation);
    }

    @Override
    public void stateChanged(Worker.State state) {
        all.add(state.name());
    }
}
