package dev.claimant.micrometer;

import dev.claimant.Verdict;
import io.micrometer.core.instrument.Counter;

/** One counter for each verdict. */
final class VerdictCounters {

    private final Counter applied;
    private final Counter lost;
    private final Counter unknown;

    private VerdictCounters(Counter applied, Counter lost, Counter unknown) {
        this.applied = applied;
        this.lost = lost;
        this.unknown = unknown;
    }

    static VerdictCounters ofSettlements(Meters meters, String kind) {
        String about = "Claims that ended, by kind of settlement and the source's verdict";
        return new VerdictCounters(
                meters.counter("claimant.settled", "messages", about, "kind", kind, "verdict", "applied"),
                meters.counter("claimant.settled", "messages", about, "kind", kind, "verdict", "lost"),
                meters.counter("claimant.settled", "messages", about, "kind", kind, "verdict", "unknown"));
    }

    static VerdictCounters ofRenewals(Meters meters) {
        String about = "Renewals of locks, by the source's verdict";
        return new VerdictCounters(
                meters.counter("claimant.locks.renewed", null, about, "verdict", "applied"),
                meters.counter("claimant.locks.renewed", null, about, "verdict", "lost"),
                meters.counter("claimant.locks.renewed", null, about, "verdict", "unknown"));
    }

    void count(Verdict verdict) {
        if (verdict == Verdict.APPLIED) {
            applied.increment();
        } else {
            (verdict == Verdict.LOST ? lost : unknown).increment();
        }
    }

    void count(int applied, int lost, int unknown) {
        this.applied.increment(applied);
        this.lost.increment(lost);
        this.unknown.increment(unknown);
    }
}
