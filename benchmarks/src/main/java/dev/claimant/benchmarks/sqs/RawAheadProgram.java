package dev.claimant.benchmarks.sqs;

/** The same loops, twice as many, and each asks for the next ten while the last ten are being deleted: nothing waits for an answer. */
public final class RawAheadProgram extends RawProgram {

    @Override
    protected int loops(int needed) {
        return 2 * needed;
    }

    @Override
    protected boolean asksAhead() {
        return true;
    }
}
