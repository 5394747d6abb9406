package dev.claimant.servicebusserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in a process of its own, from this JVM's class path; it ends with this JVM, also where that is killed. */
public final class ServerProcess implements AutoCloseable {

    private final Process process;
    private final int port;
    private final int adminPort;

    private ServerProcess(Process process, int port, int adminPort) {
        this.process = process;
        this.port = port;
        this.adminPort = adminPort;
    }

    /**
     * Starts it; returns when it can be reached.
     *
     * @param arguments as {@link ServerMain#main} takes them
     */
    public static ServerProcess start(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName()));
        command.addAll(List.of(arguments));
        Process process = null;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader out = process.inputReader();
            String line = out.readLine();
            if (line == null) {
                throw new IllegalStateException(
                        "the Service Bus server does not start: exit code " + process.waitFor());
            }
            String[] ports = line.split(" ", 2);
            return new ServerProcess(process, Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
        } catch (IOException e) {
            throw new UncheckedIOException("the Service Bus server does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException("interrupted", e);
        }
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
