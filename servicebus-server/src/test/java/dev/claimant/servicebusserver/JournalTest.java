package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file under a server that keeps its state. */
class JournalTest {

    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> frames() throws IOException {
        List<String> frames = new ArrayList<>();
        try (Journal journal = new Journal(directory)) {
            journal.read(frame -> frames.add(new String(frame.readAllBytes(), StandardCharsets.UTF_8)));
        }
        return frames;
    }

    @Test
    void aFrameThatWasCutOffIsLeftOutWhereverTheCutIs() throws IOException {
        try (Journal journal = new Journal(directory)) {
            journal.rewrite(bytes("first"));
            journal.append(bytes("second"));
            journal.append(bytes("third"));
        }
        assertThat(frames()).containsExactly("first", "second", "third");
        Path file = directory.resolve("journal");
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 1; cut < 4 + bytes("third").length; cut++) {
            Files.write(file, Arrays.copyOf(whole, whole.length - cut));
            assertThat(frames()).as("%d bytes cut off", cut).containsExactly("first", "second");
        }
    }

    @Test
    void aRewriteThatWasCutOffLeavesWhatWasThere() throws IOException {
        try (Journal journal = new Journal(directory)) {
            journal.rewrite(bytes("first"));
        }
        Files.write(directory.resolve("journal.next"), new byte[] {0, 0});
        assertThat(frames()).containsExactly("first");
    }

    @Test
    void oneServerUsesADirectory() throws IOException {
        try (Journal journal = new Journal(directory)) {
            journal.rewrite(bytes("first"));
            assertThatThrownBy(() -> new Journal(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another server uses the directory");
        }
    }
}
