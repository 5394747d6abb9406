package dev.claimant;

import org.jspecify.annotations.Nullable;

/** Counts what happens to a Job's messages, and says what that means for its exit code. Thread-safe. */
final class JobTally implements WorkerListener {

    private int claimed;
    private int completed;
    private int retried;
    private int reserved;
    private int deadLettered;
    private int released;
    private int lost;
    private boolean claimsFailed;
    private String sourceFailure = "the source could not be reached";

    @Override
    public synchronized void claimed(Claim claim) {
        claimed++;
    }

    @Override
    public synchronized void lockLost(Claim claim) {
        lost++;
    }

    @Override
    public synchronized void settled(Settlement settlement, Verdict verdict) {
        if (verdict != Verdict.APPLIED) {
            lost++;
        } else if (settlement instanceof Settlement.Complete) {
            completed++;
        } else if (settlement instanceof Settlement.Retry retry) {
            retried += retry.reserved() ? 0 : 1;
            reserved += retry.reserved() ? 1 : 0;
        } else if (settlement instanceof Settlement.Release) {
            released++;
        } else {
            deadLettered++;
        }
    }

    @Override
    public synchronized void sourceFailed(String operation, Exception problem) {
        if (operation.equals(GuardedSource.CLAIM)) {
            claimsFailed = true;
            sourceFailure =
                    problem instanceof SourceException ? String.valueOf(problem.getMessage()) : problem.toString();
        }
    }

    synchronized int claimed() {
        return claimed;
    }

    /** What the source said when it last could not be claimed from. */
    synchronized String sourceFailure() {
        return sourceFailure;
    }

    /**
     * The result so far. If claims failed and none returned a message, nobody knows whether the source is empty: that is no success.
     *
     * @param cutShort whether the Job was told to stop before it had done all that it was to do
     * @param reason what kept the Job from its end; absent when nothing did
     */
    synchronized JobResult result(boolean cutShort, @Nullable String reason) {
        String obstacle = reason == null && claimsFailed && claimed == 0 ? sourceFailure : reason;
        int exitCode = JobResult.DONE;
        if (cutShort) {
            exitCode = JobResult.TERMINATED;
        } else if (reserved > 0) {
            exitCode = JobResult.RESERVED;
        } else if (lost > 0 || obstacle != null) {
            exitCode = JobResult.TRY_AGAIN;
        }
        return new JobResult(exitCode, claimed, completed, retried, reserved, deadLettered, released, lost, obstacle);
    }
}
