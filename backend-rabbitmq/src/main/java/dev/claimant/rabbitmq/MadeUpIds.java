package dev.claimant.rabbitmq;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for messages that were sent without one: a random part for each process and a number. They are names for logs and copies and no
 * secrets; but two messages must never share one, and a generator that is seeded by a clock may give two processes the same.
 */
final class MadeUpIds {

    private static final Path RANDOM = Path.of("/dev/urandom");
    private static final String PROCESS = process() + "-";
    private static final AtomicLong NUMBER = new AtomicLong();

    private MadeUpIds() {}

    /** Not joined by "+", which is slow until the JVM has compiled what it links to. */
    static String next() {
        return PROCESS.concat(Long.toString(NUMBER.incrementAndGet()));
    }

    /** Read from the system where it can be: to start Java's own source of secrets costs a worker's start tens of milliseconds. */
    private static UUID process() {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(RANDOM))) {
            return new UUID(in.readLong(), in.readLong());
        } catch (IOException e) {
            return UUID.randomUUID();
        }
    }
}
