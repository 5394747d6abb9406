package dev.claimant.benchmarks.servicebus;

/** The same with as much credit beyond the slots as the tuned worker claims ahead. */
public final class RawAheadProgram extends RawProgram {

    @Override
    protected int ahead() {
        return TunedProgram.AHEAD;
    }
}
