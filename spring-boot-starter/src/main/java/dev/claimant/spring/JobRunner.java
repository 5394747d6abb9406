package dev.claimant.spring;

import dev.claimant.ConfigurationException;
import dev.claimant.JobOptions;
import dev.claimant.JobResult;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.core.Ordered;

/** Runs one Job, after all other runners, and knows the exit code then. On SIGTERM the Job ends the process itself, with its own exit code. */
final class JobRunner implements ApplicationRunner, ExitCodeGenerator, SmartInitializingSingleton, Ordered {

    private final ClaimantProperties.Job properties;
    private final Supplier<Map<String, RunningWorker>> workers;
    private String worker = "";
    private @Nullable JobOptions options;
    private @Nullable JobResult result;

    JobRunner(ClaimantProperties.Job properties, Supplier<Map<String, RunningWorker>> workers) {
        this.properties = properties;
        this.workers = workers;
    }

    /** After the workers were built. */
    @Override
    public void afterSingletonsInstantiated() {
        StartupProblems problems = new StartupProblems();
        worker = worker(workers.get().keySet(), problems);
        options = options(problems);
        problems.throwIfAny();
    }

    @Override
    public void run(ApplicationArguments arguments) {
        RunningWorker chosen = Objects.requireNonNull(workers.get().get(worker));
        try {
            result = chosen.worker().runJob(Objects.requireNonNull(options));
        } finally {
            chosen.stop();
        }
    }

    /** The worker that is named, or the only one. */
    private String worker(Set<String> all, StartupProblems problems) {
        String named = properties.worker();
        if (named == null && all.size() == 1) {
            return all.iterator().next();
        }
        problems.when(
                named == null || !all.contains(named),
                "claimant.job.worker: " + (named == null ? "must be set" : "'" + named + "' is none of them")
                        + "; there are the workers " + all);
        return String.valueOf(named);
    }

    private @Nullable JobOptions options(StartupProblems problems) {
        try {
            JobOptions options = JobOptions.messages(properties.messages());
            if (properties.idleTimeout() != null) {
                options = options.idleTimeout(properties.idleTimeout());
            }
            if (properties.owner() != null && !properties.owner().isEmpty()) {
                options = options.owner(properties.owner());
            }
            if (properties.terminationLog() != null) {
                options = options.terminationLog(properties.terminationLog());
            }
            return options;
        } catch (ConfigurationException e) {
            problems.addAll("claimant", e);
            return null;
        }
    }

    @Override
    public int getExitCode() {
        return result == null ? JobResult.TRY_AGAIN : result.exitCode();
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
