package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.spi.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * One claim in a batch that is to be renewed or settled.
 *
 * @param repeated whether an earlier try of the same was not answered
 */
record Asked(PostgresClaim claim, boolean repeated) {

    Asked(Claim claim, boolean repeated) {
        this((PostgresClaim) claim, repeated);
    }

    long row() {
        return claim.row();
    }

    long fence() {
        return claim.fence();
    }

    /** A row as it was found after a statement that did not change it. */
    record Found(long fence, String state) {}

    /**
     * What it means that a statement did not change the claim's row.
     *
     * @param found the row, absent when it is gone
     * @param lockIsOursAlone false where the next pod of the same owner may have taken the live lock over
     */
    Verdict unchanged(@Nullable Found found, boolean lockIsOursAlone) {
        if (found == null) {
            // While our lock held nobody else could remove it: it was the earlier try.
            boolean wasUs = repeated && lockIsOursAlone && System.nanoTime() < claim.lockedUntilNanos();
            return wasUs ? Verdict.APPLIED : Verdict.LOST;
        }
        if (found.fence() != fence()) {
            return Verdict.LOST;
        }
        if (found.state().equals("working")) {
            // Still ours, but another transaction held the row.
            return Verdict.UNKNOWN;
        }
        return repeated ? Verdict.APPLIED : Verdict.LOST;
    }
}
