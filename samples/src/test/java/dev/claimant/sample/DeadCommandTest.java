package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.postgres.PostgresSource;
import dev.claimant.sample.clap.ClapTables;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line on claps that were really given up. */
class DeadCommandTest {

    private ClapDatabase database;

    @BeforeEach
    void giveUpTwoClaps() throws Exception {
        database = new ClapDatabase();
        database.giveUp(2);
    }

    @Test
    void listPrintsALineForEach() {
        List<String> lines = dead("list").lines().toList();

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("row=1", "attempts=1", "clap 1 is too loud");
        assertThat(dead("list 1").lines()).containsExactly(lines.get(0));
        assertThat(dead("list 5 " + id(lines.get(0))).lines()).containsExactly(lines.get(1));
    }

    @Test
    void showPrintsWhatIsKnownOfOne() {
        String id = id(dead("list 1"));

        assertThat(dead("show " + id))
                .contains("reason          clap 1 is too loud", "PermanentFailure", "\"duration_seconds\":1");
        assertThatThrownBy(() -> dead("show 999999")).hasMessage("there is no dead letter 999999");
    }

    @Test
    void redriveMakesAClapWorkAgain() {
        assertThat(toDo()).isZero();

        assertThat(dead("redrive " + id(dead("list 1")))).isEqualTo("redriven=1\n");
        assertThat(toDo()).isEqualTo(1);
        assertThat(dead("redrive --all")).isEqualTo("redriven=1\n");

        assertThat(toDo()).isEqualTo(2);
        assertThat(dead("list")).isEmpty();
    }

    @Test
    void purgeRemovesForGood() {
        assertThat(dead("purge --older-than-days 1")).isEqualTo("purged=0\n");
        assertThat(dead("purge " + id(dead("list 1")))).isEqualTo("purged=1\n");
        assertThat(dead("purge --all")).isEqualTo("purged=1\n");

        assertThat(dead("list")).isEmpty();
        assertThat(toDo()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bury", "show", "show 1 2", "show x", "redrive", "redrive 1 --all", "purge", "list 1 2 3"})
    void whatIsNotUnderstoodChangesNothing(String arguments) {
        assertThatThrownBy(() -> dead(arguments)).isInstanceOf(UsageException.class);
        assertThat(dead("list").lines()).hasSize(2);
    }

    private long toDo() {
        try (PostgresSource source = database.source(Duration.ofSeconds(30))) {
            return source.backlog().scaler();
        }
    }

    private static String id(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    private String dead(String arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        List<String> words = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
        new DeadCommand(ClapTables.deadLetters(database.superuser()), out).run(new Arguments(words));
        return printed.toString(StandardCharsets.UTF_8);
    }
}
