package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.JobOptions;
import dev.claimant.PermanentFailure;
import dev.claimant.Worker;
import dev.claimant.spi.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command line on two greetings that were really given up; the same for each source with a plain {@code dead} command. */
abstract class PlainDeadCommandRules {

    abstract void send(int greetings) throws IOException;

    abstract Source source();

    abstract long messages();

    abstract void run(Arguments arguments, PrintStream out);

    /** What this source does not understand, besides what none does. */
    abstract String wrongShow();

    @BeforeEach
    void giveUpTwoGreetings() throws IOException {
        send(2);
        try (Source source = source();
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
    void showPrintsAllThatIsKnown() {
        String id = id(dead("list 1"));
        assertThat(dead("show " + id))
                .contains("id              " + id)
                .contains("nobody is there for Hello")
                .contains("seconds=0")
                .contains("PermanentFailure");
    }

    @Test
    void redriveMakesAGreetingWorkAgain() {
        assertThat(messages()).isZero();

        assertThat(dead("redrive " + id(dead("list 1")))).isEqualTo("redriven=1\n");
        assertThat(messages()).isEqualTo(1);
        assertThat(dead("redrive --all")).isEqualTo("redriven=1\n");

        assertThat(messages()).isEqualTo(2);
        assertThat(dead("list")).isEmpty();
    }

    @Test
    void purgeRemovesForGood() {
        assertThat(dead("purge " + id(dead("list 1")))).isEqualTo("purged=1\n");

        assertThat(dead("list").lines()).hasSize(1);
        assertThat(messages()).isZero();
    }

    @Test
    void whatIsNotUnderstoodChangesNothing() {
        for (String arguments : List.of(
                "", "bury", "show", wrongShow(), "redrive", "redrive 1 --all", "purge", "purge --all", "list 1 2")) {
            assertThatThrownBy(() -> dead(arguments)).as(arguments).isInstanceOf(UsageException.class);
        }
        assertThat(dead("list").lines()).hasSize(2);
    }

    static String id(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    String dead(String arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        List<String> words = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
        run(new Arguments(words), new PrintStream(printed, true, StandardCharsets.UTF_8));
        return printed.toString(StandardCharsets.UTF_8);
    }
}
