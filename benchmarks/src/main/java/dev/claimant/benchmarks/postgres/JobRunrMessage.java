package dev.claimant.benchmarks.postgres;

import dev.claimant.benchmarks.harness.Duty;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;

/** A message as JobRunr stores it, in JSON, by its fields. Public, as its handler, because JobRunr calls it by reflection. */
public final class JobRunrMessage implements JobRequest {

    final int number;
    final String rest;

    /** For the JSON mapper. */
    JobRunrMessage() {
        this(0);
    }

    JobRunrMessage(int number) {
        this.number = number;
        this.rest = "0".repeat(196);
    }

    @Override
    public Class<Handler> getJobRequestHandler() {
        return Handler.class;
    }

    /** What JobRunr runs for it. */
    public static final class Handler implements JobRequestHandler<JobRunrMessage> {

        private final Duty duty;

        Handler(Duty duty) {
            this.duty = duty;
        }

        @Override
        public void run(JobRunrMessage message) throws InterruptedException {
            duty.handle(message.number);
        }
    }
}
