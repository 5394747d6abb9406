package dev.claimant.sqs;

import dev.claimant.contract.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * A server in a process of its own, on the loopback address, that can be killed and started again on what it had stored. It ends with the
 * JVM. For the sample's tests, too.
 */
public final class ServerProcess {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final int port;
    private final Path log;
    private final IntFunction<ProcessBuilder> command;
    private Process process;

    private ServerProcess(int port, Path log, IntFunction<ProcessBuilder> command) {
        this.port = port;
        this.log = log;
        this.command = command;
        process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    /**
     * ElasticMQ from this JVM's own class path.
     *
     * @param durable whether queues, messages and locks are on disk, at half the speed
     */
    static ServerProcess elasticMq(boolean durable) {
        Path directory = directory("elasticmq");
        return new ServerProcess(FreePorts.next(), directory.resolve("log"), port -> {
            Path settings = directory.resolve("elasticmq.conf");
            write(settings, elasticMqSettings(port, directory, durable));
            return new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-Dconfig.file=" + settings,
                    "-cp",
                    System.getProperty("java.class.path"),
                    "org.elasticmq.server.Main");
        });
    }

    private static String elasticMqSettings(int port, Path directory, boolean durable) {
        return String.join(
                "\n",
                "include classpath(\"application.conf\")",
                "node-address { protocol = http, host = \"127.0.0.1\", port = " + port + ", context-path = \"\" }",
                "rest-sqs { enabled = true, bind-port = " + port + ", bind-hostname = \"127.0.0.1\" }",
                "rest-stats.enabled = false",
                "queues-storage { enabled = " + durable + ", path = \"" + directory.resolve("queues.conf") + "\" }",
                "messages-storage { enabled = " + durable
                        + ", driver-class-name = \"org.h2.Driver\", username = \"\", password = \"\",",
                "  uri = \"jdbc:h2:" + directory.resolve("messages") + "\", prune-data-on-init = false }");
    }

    /**
     * fauxqs, which npm has installed there, with its Node.
     *
     * @param durable whether queues, messages and locks are on disk
     */
    static ServerProcess fauxqs(Path home, boolean durable) {
        Path directory = directory("fauxqs");
        return new ServerProcess(FreePorts.next(), directory.resolve("log"), port -> {
            return new ProcessBuilder(
                    home.resolve("node_modules/.bin/node").toString(),
                    "--no-warnings",
                    "--input-type=module",
                    "--eval",
                    "import { startFauxqs } from '" + home.resolve("node_modules/fauxqs/dist/app.js") + "';"
                            + "await startFauxqs({ port: " + port + ", logger: false"
                            + (durable ? ", dataDir: '" + directory + "'" : "")
                            + " });");
        });
    }

    int port() {
        return port;
    }

    /** For what measures it. */
    public long pid() {
        return process.pid();
    }

    /** Ends it in the middle of whatever it does. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Ends it as an administrator does: it stores first what it has not stored yet. */
    void terminate() {
        process.destroy();
        process.onExit().join();
    }

    /** Ends it for good. */
    void stop() {
        kill();
        delete(Objects.requireNonNull(log.getParent()));
    }

    /** Starts it after its end; returns when it can be reached. */
    public void startAgain() {
        process = launch();
    }

    private Process launch() {
        try {
            Process launched = command.apply(port)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            long giveUp = System.nanoTime() + PATIENCE_NANOS;
            while (!isReachable()) {
                if (!launched.isAlive() || System.nanoTime() > giveUp) {
                    launched.destroyForcibly();
                    throw new IllegalStateException("the server did not start: " + Files.readString(log));
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            return launched;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isReachable() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path directory(String name) {
        try {
            Path directory = Files.createTempDirectory("claimant-" + name);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        List<File> files = new ArrayList<>();
        try (var found = Files.walk(directory)) {
            found.map(Path::toFile).forEach(file -> files.add(0, file));
        } catch (IOException | UncheckedIOException e) {
            return; // temporary anyway
        }
        files.forEach(File::delete);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
