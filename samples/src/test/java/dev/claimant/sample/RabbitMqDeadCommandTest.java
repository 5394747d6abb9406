package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.JobOptions;
import dev.claimant.PermanentFailure;
import dev.claimant.Worker;
import dev.claimant.rabbitmq.DeadLetters;
import dev.claimant.rabbitmq.RabbitMqSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command line on greetings that were really given up, with the rights of the worker. */
class RabbitMqDeadCommandTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final HelloBroker broker = new HelloBroker();

    @BeforeEach
    void giveUpTwoGreetings() throws IOException {
        broker.send(2, 0);
        try (RabbitMqSource source = RabbitMqSource.of(broker.config().build());
                Worker worker = Worker.builder(source)
                        .handler(claim -> {
                            throw new PermanentFailure("nobody is there for " + claim.text());
                        })
                        .build()) {
            worker.runJob(JobOptions.messages(2));
        }
        await().atMost(LONG).until(() -> dead("list").lines().count() == 2);
    }

    @Test
    void listPrintsALineForEachAndShowPrintsAllThatIsKnown() {
        assertThat(dead("list").lines())
                .allSatisfy(line -> assertThat(line).contains("attempts=1"))
                .anySatisfy(line -> assertThat(line).endsWith("nobody is there for Hello 1"))
                .anySatisfy(line -> assertThat(line).endsWith("nobody is there for Hello 2"));

        String id = id(dead("list 1"));
        assertThat(dead("show " + id))
                .contains("id              " + id)
                .contains("nobody is there for Hello")
                .contains("sent to         exchange '', routing key 'hello'")
                .contains("PermanentFailure");
    }

    @Test
    void redriveMakesAGreetingWorkAgain() {
        assertThat(dead("redrive " + id(dead("list 1")))).isEqualTo("redriven=1\n");
        await().atMost(LONG).until(() -> dead("list").lines().count() == 1);
        assertThat(dead("redrive --all")).isEqualTo("redriven=1\n");

        await().atMost(LONG).until(() -> dead("list").isEmpty());
        await().atMost(LONG).until(() -> broker.messages() == 2);
    }

    @Test
    void purgeRemovesForGood() {
        assertThat(dead("purge " + id(dead("list 1")))).isEqualTo("purged=1\n");
        assertThat(dead("purge --older-than-days 1")).isEqualTo("purged=0\n");
        await().atMost(LONG).until(() -> dead("list").lines().count() == 1);
        assertThat(dead("purge --all")).isEqualTo("purged=1\n");
    }

    @Test
    void whatIsNotUnderstoodChangesNothing() {
        for (String arguments : List.of(
                "",
                "bury",
                "show",
                "show 1",
                "redrive",
                "redrive 1 --all",
                "purge",
                "purge x --all",
                "list 1 2",
                "purge --all --older-than-days 2")) {
            assertThatThrownBy(() -> dead(arguments)).as(arguments).isInstanceOf(UsageException.class);
        }
        await().atMost(LONG).until(() -> dead("list").lines().count() == 2);
    }

    private static String id(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    private String dead(String arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        List<String> words = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
        new RabbitMqDeadCommand(new DeadLetters(broker.config().build()), out).run(new Arguments(words));
        return printed.toString(StandardCharsets.UTF_8);
    }
}
