package dev.claimant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker's run as a Job: hears what happens to its messages, and ends once, by itself or by SIGTERM on another thread, with what that means for
 * the exit code. Thread-safe.
 */
final class JobRun implements WorkerListener {

    private final JobOptions options;
    private int claimed;
    private int completed;
    private int retried;
    private int reserved;
    private int deadLettered;
    private int released;
    private int lost;
    private boolean claimsFailed;
    private String sourceFailure = "the source could not be reached";
    private @Nullable JobResult ended;

    JobRun(JobOptions options) {
        this.options = options;
    }

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
            return;
        }
        switch (settlement.kind()) {
            case COMPLETE -> completed++;
            case RETRY -> {
                boolean kept = ((Settlement.Retry) settlement).reserved();
                retried += kept ? 0 : 1;
                reserved += kept ? 1 : 0;
            }
            case RELEASE -> released++;
            case DEAD_LETTER -> deadLettered++;
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

    // ---- the end

    /** Drains what is left, and says how it went. */
    JobResult finish(Worker worker, boolean toldToStop) {
        if (toldToStop) {
            worker.handBackReserved();
        }
        worker.drain();
        return end(() -> {
            boolean terminated = toldToStop && worker.defect() == null;
            boolean cutShort = terminated && (worker.handedBack() > 0 || leavesMessages());
            return result(cutShort, terminated ? null : obstacle(worker));
        });
    }

    JobResult failed(Worker worker, int exitCode, RuntimeException problem) {
        worker.drain();
        return end(() -> JobResult.failed(exitCode, problem));
    }

    private synchronized JobResult end(Supplier<JobResult> result) {
        if (ended == null) {
            ended = result.get();
            report(ended);
        }
        return ended;
    }

    /**
     * Whether a message may wait for this Job's next pod. A Job that ends well has no next pod: a message that an earlier one has left reserved
     * would wait for nobody until the reservation lapses, and KEDA would start Jobs for it that find nothing.
     */
    private boolean leavesMessages() {
        return claimed == 0 || (options.owner() != null && claimed < options.messages());
    }

    /** What kept the Job from its end. */
    private @Nullable String obstacle(Worker worker) {
        Throwable defect = worker.defect();
        if (defect != null) {
            return "a thread of the worker has died of a defect: " + defect;
        }
        return worker.sourceWasUnreachable() ? sourceFailure : null;
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

    private void report(JobResult result) {
        if (result.exitCode() == JobResult.TRY_AGAIN || result.exitCode() == JobResult.MISCONFIGURED) {
            String problem = result.problem();
            WorkerLog.log.error(
                    "The Job ends with exit code {}: {}",
                    result.exitCode(),
                    problem != null
                            ? problem
                            : result.lost() + " of its messages were lost before they could be settled");
        }
        writeSummary(result);
    }

    private void writeSummary(JobResult summary) {
        Path log = options.terminationLog();
        if (!Files.isWritable(log)) {
            return;
        }
        try {
            Files.writeString(
                    log, summary.toJson() + "\n", StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            WorkerLog.log.warn("Could not write the summary to {}: {}", log, e.toString());
        }
    }
}
