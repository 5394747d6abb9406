package dev.claimant.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Claimant's workers.
 *
 * @param workers the workers, by name: that of a ClaimantListener or of a Handler bean
 * @param autoStartup whether the workers start with the application
 * @param migrate whether the schema of PostgreSQL sources is created or updated before their first claim
 * @param backlogInterval how often the backlog is counted for the meters; zero for never
 * @param observations whether each run of a handler and each enqueue is observed, where the application has an observation registry
 * @param job the application as a Job
 */
@ConfigurationProperties(prefix = "claimant", ignoreUnknownFields = false)
record ClaimantProperties(
        @Nullable Map<String, WorkerProperties> workers,
        @DefaultValue("true") boolean autoStartup,
        @DefaultValue("false") boolean migrate,
        @DefaultValue("30s") Duration backlogInterval,
        @DefaultValue("true") boolean observations,
        @DefaultValue Job job) {

    /**
     * How the application runs as a Job.
     *
     * @param enabled whether one Job runs and the application then ends, instead of workers that run until they are stopped
     * @param worker which worker runs; may be left out where there is one
     * @param messages how many messages to claim
     * @param idleTimeout how long to wait on an empty source, 2s by default
     * @param owner name of the Job, for sources that keep a failed message for the Job's next pod
     * @param terminationLog file for a summary of one line
     * @param exit whether the process ends with the Job's exit code; if not, the application has to call SpringApplication.exit
     */
    record Job(
            @DefaultValue("false") boolean enabled,
            @Nullable String worker,
            @DefaultValue("1") int messages,
            @Nullable Duration idleTimeout,
            @Nullable String owner,
            @Nullable Path terminationLog,
            @DefaultValue("true") boolean exit) {}
}
