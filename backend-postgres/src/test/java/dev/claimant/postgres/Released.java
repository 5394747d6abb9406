package dev.claimant.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What earlier versions of the library left in databases, or send to them. */
final class Released {

    private Released() {}

    static String script(String name) {
        try (InputStream in = Objects.requireNonNull(Released.class.getResourceAsStream("released/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
