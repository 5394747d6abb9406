package dev.claimant.sample;

import dev.claimant.ConfigurationException;
import dev.claimant.JobOptions;
import dev.claimant.RetryPolicy;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.spi.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Everything that the environment says about a run of the sample; {@code docs/configuration.md} lists the variables. */
record Settings(
        String name,
        String sourceName,
        Work work,
        int slots,
        @Nullable Integer prefetch,
        RetryPolicy retry,
        @Nullable Duration handlerTimeout,
        Duration reservation,
        Duration drainTimeout,
        Duration flushTimeout,
        @Nullable Integer managementPort,
        boolean podDeletionCost,
        JobOptions job) {

    private static final int DAY = 86_400;
    private static final JobOptions ONE_MESSAGE = JobOptions.messages(1);

    /** @throws ConfigurationException with every problem found, each naming its variable and the value */
    static Settings read(Map<String, String> variables) {
        return read(new Environment(variables));
    }

    /** @throws ConfigurationException as above; the environment keeps what was looked for and what is wrong */
    static Settings read(Environment env) {
        String name = env.textOr("HOSTNAME", "worker-" + ProcessHandle.current().pid());
        Work work = work(env, name);
        int slots = env.number("CLAIMANT_SLOTS", 1, 10_000, 10);
        Integer prefetch = env.numberIfSet("CLAIMANT_PREFETCH", 0, 10_000);
        RetryPolicy retry = retry(env);
        Duration handlerTimeout = env.secondsIfSet("CLAIMANT_HANDLER_TIMEOUT_SECONDS", 1, DAY);
        Duration reservation = env.seconds("CLAIMANT_RESERVATION_SECONDS", 1, DAY, Duration.ofMinutes(15));
        Duration drain = env.seconds("CLAIMANT_DRAIN_TIMEOUT_SECONDS", 0, DAY, Duration.ofSeconds(20));
        Duration flush = env.seconds("CLAIMANT_FLUSH_TIMEOUT_SECONDS", 1, DAY, Duration.ofSeconds(5));
        Integer port = env.numberIfSet("CLAIMANT_MANAGEMENT_PORT", 0, 65_535);
        boolean podDeletionCost = env.text("CLAIMANT_POD_DELETION_COST") != null
                && env.oneOf("CLAIMANT_POD_DELETION_COST", List.of("true", "false"))
                        .equals("true");
        JobOptions job = job(env);
        env.check();
        return new Settings(
                name,
                env.textOr("SOURCE", ""),
                Objects.requireNonNull(work),
                slots,
                prefetch,
                retry,
                handlerTimeout,
                reservation,
                drain,
                flush,
                port,
                podDeletionCost,
                job);
    }

    private static @Nullable Work work(Environment env, String worker) {
        return switch (env.oneOf("SOURCE", List.of("postgres", "rabbitmq", "kafka", "sqs", "servicebus"))) {
            case "postgres" -> ClapWork.read(env, worker);
            case "rabbitmq" -> HelloWork.read(env, worker);
            case "kafka" -> KafkaWork.read(env, worker);
            case "sqs" -> SqsWork.read(env, worker);
            case "servicebus" -> ServiceBusWork.read(env, worker);
            default -> null; // a problem, told when all are known
        };
    }

    private static RetryPolicy retry(Environment env) {
        Duration first = env.seconds("CLAIMANT_RETRY_DELAY_SECONDS", 0, 300, Duration.ofSeconds(1));
        return RetryPolicy.exponential()
                .firstDelay(first)
                .maxAttempts(env.number("CLAIMANT_MAX_ATTEMPTS", 1, 1_000_000, 5));
    }

    private static JobOptions job(Environment env) {
        return JobOptions.messages(env.number("CLAIMANT_MESSAGES", 1, 1_000_000, 1))
                .idleTimeout(env.seconds("CLAIMANT_IDLE_TIMEOUT_SECONDS", 0, DAY, ONE_MESSAGE.idleTimeout()))
                .owner(env.text("CLAIMANT_OWNER"))
                .terminationLog(Path.of(env.textOr(
                        "CLAIMANT_TERMINATION_LOG", ONE_MESSAGE.terminationLog().toString())));
    }

    /** For a Deployment: it stays, and has something to tell. */
    Worker measuredWorkerOn(Source source) {
        return managementPort == null ? workerOn(source) : Measured.worker(builderOn(source), source, sourceName);
    }

    /** For a Job: the classes of the meters would make its start slower, and it has ended before anybody reads them. */
    Worker workerOn(Source source) {
        return builderOn(source).build();
    }

    private WorkerBuilder builderOn(Source source) {
        WorkerBuilder worker = Worker.builder(source)
                .name(name)
                .sourceName(sourceName)
                .handler(work.handler())
                .slots(slots)
                .retry(retry)
                .reservation(reservation)
                .drainTimeout(drainTimeout)
                .flushTimeout(flushTimeout)
                .listener(new Chronicle());
        if (prefetch != null) {
            worker.prefetch(prefetch);
        }
        if (handlerTimeout != null) {
            worker.handlerTimeout(handlerTimeout);
        }
        if (managementPort != null) {
            worker.managementPort(managementPort);
        }
        return worker;
    }
}
