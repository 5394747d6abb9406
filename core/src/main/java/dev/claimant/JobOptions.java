package dev.claimant;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a worker runs as a Job: it claims this many messages, works on them and ends.
 *
 * @param messages how many to claim, at least 1
 * @param idleTimeout how long to wait on an empty or unreachable source before the Job ends
 * @param owner the Job's name, for sources that keep a failed message for the next pod of the same Job; absent for none
 * @param terminationLog where the one-line summary goes, if it can be written
 */
public record JobOptions(
        int messages, Duration idleTimeout, @Nullable String owner, Path terminationLog) {

    /** Checks the values. */
    public JobOptions {
        Problems problems = new Problems();
        problems.when(messages < 1, "job.messages", messages, "must be at least 1");
        problems.whenNegative("job.idleTimeout", idleTimeout);
        problems.when(owner != null && owner.isBlank(), "job.owner", owner, "must not be blank");
        problems.whenMissing("job.terminationLog", terminationLog);
        problems.throwIfAny();
    }

    /** This many messages; ends after two seconds on an empty source; no owner; summary to {@code /dev/termination-log}. */
    public static JobOptions messages(int messages) {
        return new JobOptions(messages, Duration.ofSeconds(2), null, Path.of("/dev/termination-log"));
    }

    /** How long to wait on an empty source. */
    public JobOptions idleTimeout(Duration timeout) {
        return new JobOptions(messages, timeout, owner, terminationLog);
    }

    /** The Job's name: all pods of one Job share it, and no other Job has it at the same time. */
    public JobOptions owner(@Nullable String owner) {
        return new JobOptions(messages, idleTimeout, owner, terminationLog);
    }

    /** Where the summary goes. */
    public JobOptions terminationLog(Path path) {
        return new JobOptions(messages, idleTimeout, owner, path);
    }
}
