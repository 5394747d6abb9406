package dev.claimant.sample.keda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Manifests that are right, and copies of them on disk that tests have changed. */
final class Manifests {

    private Manifests() {}

    static String text(String resource) {
        try (InputStream in = requireNonNull(Manifests.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(Path folder, String manifest) {
        try {
            return Files.writeString(folder.resolve("manifest.yaml"), manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
