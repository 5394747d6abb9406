package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One word per concept: core's own code never uses those that brokers have for the same. */
class WordsTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final List<String> REPLACED =
            List.of("ack", "lease", "nack", "visibility", "heartbeat", "fetch", "poison", "requeue");

    /** Where a word begins: after anything that is no letter, and at each hump of a camel. */
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])");

    @Test
    void coreUsesTheWordsOfTheGlossaryAlone() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(SOURCES)) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                for (String word : replacedWordsIn(lines.get(i))) {
                    found.add(SOURCES.relativize(file) + ":" + (i + 1) + ": " + word);
                }
            }
        }

        assertThat(files).hasSizeGreaterThan(30);
        assertThat(found).as("words that docs/glossary.md replaces").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "leaseUntil,                   lease",
        "a message is nacked,          nacked",
        "class VisibilityTimeout,      visibility",
        "MAX_FETCH_BYTES,              fetch",
        "basicAck,                     ack",
        "fetches poisoned heartbeats, fetches poisoned heartbeats",
    })
    void aReplacedWordIsFoundInWhateverFormItComes(String text, String words) {
        assertThat(replacedWordsIn(text)).containsExactly(words.split(" "));
    }

    @ParameterizedTest
    @CsvSource({"release(claim)", "prefetch", "back-off", "package", "stack", "acknowledged"})
    void aWordThatOnlyContainsOneIsNotFound(String text) {
        assertThat(replacedWordsIn(text)).isEmpty();
    }

    private static List<String> replacedWordsIn(String line) {
        return BETWEEN_WORDS
                .splitAsStream(line)
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(WordsTest::isReplaced)
                .toList();
    }

    private static boolean isReplaced(String word) {
        return REPLACED.stream().anyMatch(replaced -> word.matches(replaced + "(s|es|d|ed|ing)?"));
    }
}
