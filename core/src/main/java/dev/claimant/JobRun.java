package dev.claimant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The end of a Job, reached once: by itself, or by SIGTERM on another thread. */
final class JobRun {

    private final Worker worker;
    private final JobOptions options;
    private final JobTally tally;
    private @Nullable JobResult result;

    JobRun(Worker worker, JobOptions options, JobTally tally) {
        this.worker = worker;
        this.options = options;
        this.tally = tally;
    }

    /** Drains what is left, and says how it went. */
    JobResult finish(boolean toldToStop) {
        if (toldToStop) {
            worker.handBackReserved();
        }
        worker.drain();
        synchronized (this) {
            if (result == null) {
                boolean terminated = toldToStop && worker.defect() == null;
                boolean cutShort = terminated && (worker.handedBack() > 0 || leavesMessages());
                result = tally.result(cutShort, terminated ? null : obstacle());
                report(result);
            }
            return result;
        }
    }

    /**
     * Whether a message may wait for this Job's next pod. A Job that ends well has no next pod: a message that an earlier one has left reserved
     * would wait for nobody until the reservation lapses, and KEDA would start Jobs for it that find nothing.
     */
    private boolean leavesMessages() {
        int claimed = tally.claimed();
        return claimed == 0 || (options.owner() != null && claimed < options.messages());
    }

    /** What kept the Job from its end. */
    private @Nullable String obstacle() {
        Throwable defect = worker.defect();
        if (defect != null) {
            return "a thread of the worker has died of a defect: " + defect;
        }
        return worker.sourceWasUnreachable() ? tally.sourceFailure() : null;
    }

    synchronized JobResult failed(int exitCode, RuntimeException problem) {
        worker.drain();
        if (result == null) {
            result = JobResult.failed(exitCode, problem);
            report(result);
        }
        return result;
    }

    private void report(JobResult ended) {
        if (ended.exitCode() == JobResult.TRY_AGAIN || ended.exitCode() == JobResult.MISCONFIGURED) {
            String problem = ended.problem();
            WorkerLog.log.error(
                    "The Job ends with exit code {}: {}",
                    ended.exitCode(),
                    problem != null
                            ? problem
                            : ended.lost() + " of its messages were lost before they could be settled");
        }
        writeSummary(ended);
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
