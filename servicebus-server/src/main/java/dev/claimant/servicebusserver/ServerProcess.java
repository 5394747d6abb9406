package dev.claimant.servicebusserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, from this JVM's class path; it ends with this JVM, also where that is killed. */
public final class ServerProcess implements AutoCloseable {

    private final @Nullable Path directory;
    private final List<String> arguments;
    private int port;
    private int adminPort;
    private Process process;

    private ServerProcess(@Nullable Path directory, List<String> arguments) {
        this.directory = directory;
        this.arguments = arguments;
        process = launch();
    }

    /**
     * Starts it; returns when it can be reached.
     *
     * @param arguments entities and keys, as {@link ServerMain#main} takes them
     */
    public static ServerProcess start(String... arguments) {
        return new ServerProcess(null, List.of(arguments));
    }

    /** Starts one that keeps all in this directory, and can be started again on it. */
    public static ServerProcess start(Path directory, String... arguments) {
        return new ServerProcess(directory, List.of(arguments));
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx4g", // with less, a bench of many messages measures its garbage collection
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName()));
        if (directory != null) {
            command.addAll(List.of("directory", directory.toString()));
        }
        command.addAll(List.of("port", Integer.toString(port), "admin-port", Integer.toString(adminPort)));
        command.addAll(arguments);
        Process launched = null;
        try {
            launched = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader out = launched.inputReader();
            String line = out.readLine();
            if (line == null) {
                throw new IllegalStateException(
                        "the Service Bus server does not start: exit code " + launched.waitFor());
            }
            String[] ports = line.split(" ", 2);
            port = Integer.parseInt(ports[0]);
            adminPort = Integer.parseInt(ports[1]);
            return launched;
        } catch (IOException e) {
            throw new UncheckedIOException("the Service Bus server does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            launched.destroyForcibly();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Ends it in the middle of whatever it does, as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts it after {@link #kill}, on the same ports; with what it had where it has a directory. */
    public void startAgain() {
        process = launch();
    }

    /** Where AMQP is spoken, without TLS. */
    public int port() {
        return port;
    }

    /** A connection string with one of the keys that it was started with. */
    public String connectionString(String keyName, String key) {
        return ServiceBusServer.connectionString(port, keyName, key);
    }

    /** Where the administration API answers. */
    public String administrationEndpoint() {
        return "http://localhost:" + adminPort;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
