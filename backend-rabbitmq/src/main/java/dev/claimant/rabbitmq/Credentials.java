package dev.claimant.rabbitmq;

import com.rabbitmq.client.impl.CredentialsProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A user whose password is in a file, read at each connection. */
record Credentials(String user, Path file) implements CredentialsProvider {

    @Override
    public String getUsername() {
        return user;
    }

    @Override
    public String getPassword() {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("passwordFile: '" + file + "' cannot be read", e);
        }
    }
}
