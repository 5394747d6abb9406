package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * One claim in a batch that is to be renewed or settled.
 *
 * @param repeated whether an earlier try of the same was not answered
 */
record BatchEntry(PostgresClaim claim, boolean repeated, Purpose purpose) {

    /** What the statement is for, where a transaction of the handler may have completed the message meanwhile. */
    enum Purpose {
        /** To renew or to complete: it is well if that transaction did commit. */
        KEEP_OR_COMPLETE,
        /** To take the message back from a transaction that did not commit. */
        TAKE_BACK,
        /** To retry, release or dead-letter: too late if that transaction did commit. */
        GIVE_UP
    }

    BatchEntry(Claim claim, boolean repeated, Purpose purpose) {
        this((PostgresClaim) claim, repeated, purpose);
    }

    long row() {
        return claim.row();
    }

    long fence() {
        return claim.fence();
    }

    /**
     * A row as it was found after a statement that did not change it.
     *
     * @param ours whether nobody else holds it
     */
    record Found(long fence, String state, boolean ours) {}

    /** What it means that the statement changed the claim's row. */
    Verdict changed() {
        return purpose == Purpose.TAKE_BACK ? Verdict.LOST : Verdict.APPLIED;
    }

    /**
     * What it means that a statement did not change the claim's row.
     *
     * @param found the row, absent when it is gone
     * @param lockIsOursAlone false where the next pod of the same owner may have taken the live lock over
     */
    Verdict unchanged(@Nullable Found found, boolean lockIsOursAlone) {
        if (claim.completedInTransaction() && isDone(found)) {
            return purpose == Purpose.GIVE_UP ? Verdict.LOST : Verdict.APPLIED;
        }
        if (found == null) {
            // While our lock held nobody else could remove it: it was the earlier try.
            boolean wasUs = repeated && lockIsOursAlone && System.nanoTime() < claim.lockedUntilNanos();
            return wasUs ? Verdict.APPLIED : Verdict.LOST;
        }
        if (found.fence() != fence() || !found.ours()) {
            return Verdict.LOST;
        }
        if (found.state().equals("working")) {
            // Still ours, but another transaction held the row.
            return Verdict.UNKNOWN;
        }
        return repeated ? Verdict.APPLIED : Verdict.LOST;
    }

    private boolean isDone(@Nullable Found found) {
        return found == null || (found.fence() == fence() && found.state().equals("done"));
    }
}
