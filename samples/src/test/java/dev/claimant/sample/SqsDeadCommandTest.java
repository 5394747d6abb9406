package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.JobOptions;
import dev.claimant.PermanentFailure;
import dev.claimant.Worker;
import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sqs.DeadLetters;
import dev.claimant.sqs.SqsSource;
import dev.claimant.sqs.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command line on greetings that were really given up. */
class SqsDeadCommandTest {

    private final HelloQueue queue = new HelloQueue(TestServer.main().endpoint().toString());

    @BeforeEach
    void giveUpTwoGreetings() throws IOException {
        queue.send(2, 0);
        try (SqsSource source = SqsSource.of(
                        queue.config().longestPoll(Duration.ofSeconds(1)).build());
                Worker worker = Worker.builder(source)
                        .handler(claim -> {
                            throw new PermanentFailure("nobody is there for " + claim.text());
                        })
                        .build()) {
            worker.runJob(JobOptions.messages(2));
        }
    }

    @Test
    void listPrintsALineForEach() {
        assertThat(dead("list").lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("attempts=1"))
                .anySatisfy(line -> assertThat(line).endsWith("nobody is there for Hello 1"))
                .anySatisfy(line -> assertThat(line).endsWith("nobody is there for Hello 2"));
        assertThat(dead("list 1").lines()).hasSize(1);
    }

    @Test
    void redriveMakesAGreetingWorkAgain() {
        assertThat(queue.messages()).isZero();

        assertThat(dead("redrive " + id(dead("list 1")))).isEqualTo("redriven=1\n");
        assertThat(queue.messages()).isEqualTo(1);
        assertThat(dead("redrive --all")).isEqualTo("redriven=1\n");

        assertThat(queue.messages()).isEqualTo(2);
        assertThat(dead("list")).isEmpty();
    }

    @Test
    void purgeRemovesForGood() {
        assertThat(dead("purge " + id(dead("list 1")))).isEqualTo("purged=1\n");

        assertThat(dead("list").lines()).hasSize(1);
        assertThat(queue.messages()).isZero();
    }

    @Test
    void whatIsNotUnderstoodChangesNothing() {
        for (String arguments :
                List.of("", "bury", "show 1", "redrive", "redrive 1 --all", "purge", "purge --all", "list 1 2")) {
            assertThatThrownBy(() -> dead(arguments)).as(arguments).isInstanceOf(UsageException.class);
        }
        assertThat(dead("list").lines()).hasSize(2);
    }

    private static String id(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    private String dead(String arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        List<String> words = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
        try (DeadLetters letters = new DeadLetters(queue.config().build())) {
            new PlainDeadCommand(new SqsDeadLetters(letters), out).run(new Arguments(words));
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
