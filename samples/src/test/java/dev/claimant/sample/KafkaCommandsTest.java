package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.contract.FreePorts;
import dev.claimant.contract.NoEvents;
import dev.claimant.kafka.KafkaSource;
import dev.claimant.sample.cluster.Image;
import dev.claimant.sample.hello.Greetings;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample's commands with {@code SOURCE=kafka}, as processes of their own, and the inbox behind its worker. */
class KafkaCommandsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void sendBacklogWorkerAndDeadWithAnInboxThatNotesARepeatedGreetingOnce() throws Exception {
        KafkaHello topic = new KafkaHello();
        ClapDatabase database = new ClapDatabase();
        Greetings.migrate(database.superuser());
        environment.putAll(database.environment());
        environment.putAll(topic.environment());
        environment.put("CLAIMANT_MANAGEMENT_PORT", Integer.toString(FreePorts.next()));

        run("send", "12", "0");
        assertThat(run("backlog")).startsWith("scaler=12 ");
        try (Source first = KafkaSource.of(topic.config())) {
            first.open(new Plan("first", 1, 1, 5, null, null, Duration.ofMinutes(10), false, false), NoEvents.INSTANCE);
            Claim claim = first.claim(1, Duration.ofSeconds(30)).get(0);
            Greetings.handler(database.worker(), "first").handle(claim);
        } // the effect is committed, and the message is not completed
        topic.sendPoison();

        Process worker = start("worker");
        try {
            await().atMost(PATIENCE).until(() -> topic.messages() == 0);
        } finally {
            worker.destroy();
        }
        assertThat(worker.waitFor()).as("after SIGTERM").isZero();
        assertThat(database.rows("SELECT count(*), count(DISTINCT text) FROM greeting"))
                .containsExactly("12 12");
        assertThat(database.number("SELECT count(*) FROM greeting WHERE said_by = 'first'"))
                .isEqualTo(1);
        assertThat(run("backlog")).startsWith("scaler=0 ready=0 inFlight=0 ");
        assertThat(run("dead", "list").lines())
                .singleElement()
                .asString()
                .contains("attempts=1")
                .endsWith("nobody can greet for endless seconds");
        assertThat(run("dead", "redrive", "--all")).isEqualTo("redriven=1\n");
        assertThat(run("backlog")).startsWith("scaler=1 ");
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(Image.entrypoint());
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().putAll(environment);
        File log = folder.resolve(arguments[0] + ".log").toFile();
        return process.redirectError(ProcessBuilder.Redirect.appendTo(log))
                .redirectOutput(
                        arguments[0].equals("worker")
                                ? ProcessBuilder.Redirect.appendTo(log)
                                : ProcessBuilder.Redirect.PIPE)
                .start();
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", arguments)).isZero();
        return printed;
    }
}
