package dev.claimant.sample.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.ConfigurationException;
import dev.claimant.sample.Arguments;
import dev.claimant.sample.HelloBroker;
import dev.claimant.sample.UsageException;
import dev.claimant.sample.clap.ClapTables;
import dev.claimant.sample.cluster.HelloEntity;
import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sample.cluster.Image;
import dev.claimant.sample.cluster.LocalPostgres;
import dev.claimant.sample.cluster.LocalSqs;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.ScaledJob;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCommandTest {

    private static final String DATABASE = "clap";
    private static final String WORKER = "claimant_worker";
    private static final Path POSTGRES = Path.of("..", "deploy", "postgres");

    @TempDir
    private Path folder;

    @Test
    void theShippedScaledJobsAndDeploymentWorkOffTheirQueueAndEnd() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start()) {
            postgres.createDatabase(DATABASE);
            ClapTables.migrate(postgres.superuser(DATABASE));
            postgres.allowLogin(WORKER, WORKER);
            Map<String, String> environment = postgres.environment(DATABASE, WORKER, WORKER);

            for (String manifest : List.of("jobs/scaledjob.yaml", "workers/scaledobject.yaml")) {
                ClapTables.send(postgres.superuser(DATABASE), 5, 1);
                List<String> lines = run(POSTGRES.resolve(manifest), environment);

                assertThat(lines).anyMatch(line -> line.contains("KEDA reads 5"));
                assertThat(lines.get(lines.size() - 1))
                        .startsWith("completed=5 left=0 ")
                        .contains(" killed=0 ");
            }
        }
    }

    @Test
    void strategyAccurateCountsJobsAsPendingUntilTheyHaveClaimed() throws Exception {
        try (LocalSqs sqs = LocalSqs.start()) {
            HelloQueue queue = new HelloQueue(sqs.endpoint());
            queue.send(4, 1);

            List<String> lines =
                    run(Path.of("..", "deploy", "sqs", "accurate-jobs", "scaledjob.yaml"), queue.environment());

            assertThat(lines.get(lines.size() - 1)).startsWith("completed=4 left=0 ");
        }
    }

    @Test
    void aServiceBusQueueIsCountedWithTheWorkersOwnKey() throws Exception {
        try (HelloEntity queue = HelloEntity.queue(5)) {
            queue.send(4, 1);

            List<String> lines =
                    run(Path.of("..", "deploy", "servicebus", "jobs", "scaledjob.yaml"), queue.environmentOfOneUser());

            assertThat(lines).anyMatch(line -> line.contains("KEDA reads 4"));
            assertThat(lines.get(lines.size() - 1)).startsWith("completed=4 left=0 ");
        }
    }

    @Test
    void aRabbitMqQueueIsCountedByTheManagementApi() throws Exception {
        Path manifest = Path.of("..", "deploy", "rabbitmq", "jobs", "scaledjob.yaml");
        HelloBroker broker = new HelloBroker();
        broker.send(4, 1);
        try (Scaler scaler = broker.scaler(ScaledJob.read(manifest).triggers().get(0))) {
            // the management API is late, and what it does not know yet is nothing to do
            await().atMost(Duration.ofMinutes(1)).until(() -> scaler.read().value() == 4);
        }

        List<String> lines = run(manifest, broker.environment());

        assertThat(lines).anyMatch(line -> line.contains("KEDA reads 4"));
        assertThat(lines.get(lines.size() - 1)).startsWith("completed=4 left=0 ");
    }

    @Test
    void whatOnlyTheClusterKnowsIsAskedForByName() {
        assertThatThrownBy(() -> refused(POSTGRES.resolve("jobs/scaledjob.yaml"), Map.of("PGHOST", "localhost")))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .contains("PGPORT: not set; a cluster has it in Secret clap-database, key port")
                                .noneMatch(problem -> problem.startsWith("PGHOST")));
    }

    @Test
    void whatIsNotPlayedIsRefusedByName() throws IOException {
        Path rabbitMq = Path.of("..", "deploy", "rabbitmq", "jobs", "scaledjob.yaml");
        Map<String, String> caller = Map.of("RABBITMQ_URL", "amqp://localhost/");

        assertRefused(rabbitMq, "protocol: http", "protocol: amqp", caller, "triggers[0].metadata: protocol: amqp");
        assertRefused(rabbitMq, "- name: SOURCE", "- name: SOURCES", caller, "has no variable SOURCE");
        assertRefused(rabbitMq, "args: [job]", "command: [my-worker]", caller, "command: [my-worker]");
        assertRefused(
                rabbitMq,
                "metadata:\n  name: rabbitmq-hello",
                "metadata:\n  annotations: {autoscaling.keda.sh/paused: \"true\"}\n  name: rabbitmq-hello",
                caller,
                "autoscaling.keda.sh/paused");
        assertRefused(rabbitMq, "pollingInterval: 5", "pollingInterval: 5", caller, "RABBITMQ_MANAGEMENT_URL: not set");
        assertThatThrownBy(() -> LocalOptions.read(new Arguments(List.of()))).isInstanceOf(UsageException.class);
    }

    @Test
    void aScaledObjectWithoutItsDeploymentIsRefused() throws IOException {
        Path alone = folder.resolve("scaledobject.yaml");
        Files.copy(POSTGRES.resolve("workers/scaledobject.yaml"), alone);

        assertThatThrownBy(() -> refused(alone, Map.of())).hasMessageContaining("holds the Deployment clap-worker");
    }

    private void assertRefused(Path manifest, String old, String other, Map<String, String> caller, String why)
            throws IOException {
        String text = Files.readString(manifest);
        assertThat(text).contains(old);
        Path changed = Files.writeString(folder.resolve("manifest.yaml"), text.replace(old, other));

        assertThatThrownBy(() -> refused(changed, caller)).hasMessageContaining(why);
    }

    private static void refused(Path manifest, Map<String, String> caller) throws IOException, SQLException {
        Arguments arguments = new Arguments(List.of("-f", manifest.toString(), "--plain", "--until-idle"));
        LocalCommand.run(arguments, caller, new PrintStream(OutputStream.nullOutputStream()));
    }

    private static List<String> run(Path manifest, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Image.entrypoint());
        command.addAll(List.of("local", "-f", manifest.toString(), "--plain", "--until-idle", "--faster", "20"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(new HashMap<>(environment));
        Process process = builder.start();
        // so that a run without an end fails with what it has said
        CompletableFuture.delayedExecutor(5, TimeUnit.MINUTES).execute(process::destroy);
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        return lines;
    }
}
