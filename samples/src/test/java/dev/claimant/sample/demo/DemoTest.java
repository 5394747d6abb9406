package dev.claimant.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DemoTest {

    @Test
    void theDemoMakesEveryClapOnceThoughAPodIsKilledOnTheWay() throws Exception {
        List<String> lines = run(0, "--claps", "6", "--seconds", "2", "--kill", "1", "--max", "3", "--plain");

        assertThat(lines).anyMatch(line -> line.contains("is gone in the middle of a clap"));
        assertThat(lines.get(lines.size() - 1))
                .matches("claps=6 success=6 lost=0 doubled=0 killed=1 peak=3 seconds=\\d+\\.\\d");
    }

    @Test
    void theDemoWithSqsNotesEveryGreetingOnceThoughAWorkerIsKilledAndAMessageComesTwice() throws Exception {
        List<String> lines = run(0, "sqs", "--seconds", "2", "--plain");

        assertThat(lines).anyMatch(line -> line.contains("is gone in the middle of a greeting"));
        assertThat(lines.get(lines.size() - 1))
                .matches("greetings=20 success=20 lost=0 doubled=0 killed=1 peak=4 seconds=\\d+\\.\\d");
    }

    @Test
    void theDemoWithServiceBusKeepsLocksForLongerThanTheyHold() throws Exception {
        List<String> lines = run(0, "servicebus", "--greetings", "6", "--seconds", "6", "--max", "3", "--plain");

        assertThat(lines).anyMatch(line -> line.contains("is gone in the middle of a greeting"));
        assertThat(lines.get(lines.size() - 1))
                .matches("greetings=6 success=6 lost=0 doubled=0 killed=1 peak=3 seconds=\\d+\\.\\d");
    }

    @Test
    void theDemoWithRabbitMqNotesEveryGreetingOnce() throws Exception {
        List<String> lines = run(0, "rabbitmq", "--greetings", "15", "--seconds", "2", "--max", "3", "--plain");

        assertThat(lines.get(lines.size() - 1))
                .matches("greetings=15 success=15 lost=0 doubled=0 killed=1 peak=3 seconds=\\d+\\.\\d");
    }

    /** A broker and its workers are more processes than the others start, and a busy machine has little for each. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void theDemoWithKafkaIsHeldUpByNoSlowEarlyOrPoisonedMessage() throws Exception {
        List<String> lines = run(0, "kafka", "--greetings", "15", "--max", "2", "--plain");

        assertThat(lines).anyMatch(line -> line.contains("is gone in the middle of a greeting"));
        assertThat(lines).anyMatch(line -> line.matches("  waited +1   in a retry topic.*"));
        assertThat(lines.get(lines.size() - 1))
                .matches("greetings=15 success=15 lost=0 doubled=0 killed=1 peak=2 seconds=\\d+\\.\\d");
    }

    @Test
    void theDemoRefusesWhatItCannotShow() throws Exception {
        assertThat(run(78, "--claps", "2", "--kill", "3")).anyMatch(line -> line.contains("--kill: 3 is more than"));
        assertThat(run(78, "postgres", "--claps", "2", "--kill", "3"))
                .anyMatch(line -> line.contains("--kill: 3 is more than"));
        assertThat(run(78, "--seconds", "0")).anyMatch(line -> line.contains("of --seconds 0"));
        assertThat(run(78, "sqs", "--kill", "4")).anyMatch(line -> line.contains("--kill: 4 is more than 3"));
        assertThat(run(78, "--clap", "2")).anyMatch(line -> line.contains("cannot understand --clap 2"));
    }

    /** In the repository's root and with the heap that bin/demo gives it; a worker's is too small to unpack a PostgreSQL server. */
    private static List<String> run(int exitCode, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Image.entrypoint());
        command.replaceAll(word -> word.startsWith("-Xmx") ? "-Xmx128m" : word);
        command.add("demo");
        command.addAll(List.of(options));
        Process demo = new ProcessBuilder(command)
                .directory(Path.of("..").toFile())
                .redirectErrorStream(true)
                .start();
        List<String> lines = demo.inputReader().lines().toList();
        assertThat(demo.waitFor()).as(String.join("\n", lines)).isEqualTo(exitCode);
        return lines;
    }
}
