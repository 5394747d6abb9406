package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.JobOptions;
import dev.claimant.PermanentFailure;
import dev.claimant.Worker;
import dev.claimant.sample.cluster.HelloEntity;
import dev.claimant.servicebus.DeadLetters;
import dev.claimant.servicebus.ServiceBusSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command line on greetings that were really given up. */
class ServiceBusDeadCommandTest {

    private final HelloEntity queue = HelloEntity.queue(60);

    @BeforeEach
    void giveUpTwoGreetings() throws IOException {
        queue.send(2, 0);
        try (ServiceBusSource source = ServiceBusSource.of(queue.config().build());
                Worker worker = Worker.builder(source)
                        .handler(claim -> {
                            throw new PermanentFailure("nobody is there for " + claim.text());
                        })
                        .build()) {
            worker.runJob(JobOptions.messages(2));
        }
    }

    @AfterEach
    void endServer() {
        queue.close();
    }

    @Test
    void listPrintsALineForEachAndShowPrintsAllThatIsKnown() {
        assertThat(dead("list").lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("attempts=1"))
                .anySatisfy(line -> assertThat(line).endsWith("nobody is there for Hello 1"))
                .anySatisfy(line -> assertThat(line).endsWith("nobody is there for Hello 2"));
        assertThat(dead("list 1").lines()).hasSize(1);

        String id = id(dead("list 1"));
        assertThat(dead("show " + id))
                .contains("id              " + id)
                .contains("nobody is there for Hello")
                .contains("seconds=0")
                .contains("PermanentFailure");
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
        for (String arguments : List.of(
                "", "bury", "show", "show 99", "redrive", "redrive 1 --all", "purge", "purge --all", "list 1 2")) {
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
        DeadLetters letters = new DeadLetters(queue.managed().build());
        new PlainDeadCommand(new ServiceBusDeadLetters(letters), out).run(new Arguments(words));
        return printed.toString(StandardCharsets.UTF_8);
    }
}
