package dev.claimant.sample.demo;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/** Plays KEDA and Kubernetes on this machine, with real servers and real worker processes. What all the stories need stands here. */
public final class Demo {

    private static final String POSTGRES = "io.zonky.test.db.postgres.embedded.EmbeddedPostgres";
    private static final Duration TICK = Duration.ofMillis(50);

    private Demo() {}

    /** Runs the demo that is asked for; 0 if all was as it should be. */
    public static int run(Arguments arguments, PrintStream out) throws SQLException {
        HelloPlay play = null;
        for (HelloPlay candidate : HelloPlay.values()) {
            if (arguments.flag(candidate.word())) {
                play = candidate;
            }
        }
        if (arguments.flag("--help")) {
            arguments.end();
            out.print(DemoOptions.USAGE);
            return 0;
        }
        if (play != null) {
            return new HelloDemo(HelloOptions.read(play, arguments), out).run();
        }
        arguments.flag("postgres"); // the story that is played without a name, too
        return new ClapDemo(DemoOptions.read(arguments), out).run();
    }

    /** A worker's image goes without the libraries of the demo. */
    static void needsPostgres() {
        try {
            Class.forName(POSTGRES);
        } catch (ClassNotFoundException e) {
            throw new UsageException("the demo needs more libraries than a worker: start it as bin/demo");
        }
    }

    /** Waits until it is worth looking again; false if the demo was interrupted. */
    static boolean pause() {
        try {
            Thread.sleep(TICK.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** For what the pods say. */
    static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("claimant-demo");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The exit code of a demo; what the pods have said is kept where something went wrong. */
    static int end(boolean good, Path folder, PrintStream out) {
        if (!good) {
            out.println("This is not how it should be. What the pods have said is in " + folder);
            return 1;
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }
}
