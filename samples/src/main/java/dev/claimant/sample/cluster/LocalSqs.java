package dev.claimant.sample.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** ElasticMQ, a server that speaks SQS, in a process of its own on the loopback address, messages in memory. Ends with this JVM. */
public final class LocalSqs implements AutoCloseable {

    private static final String MAIN = "org.elasticmq.server.Main";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_MILLIS = 50;

    private final Process process;
    private final int port;
    private final Thread killer;

    private LocalSqs(Process process, int port) {
        this.process = process;
        this.port = port;
        killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Whether its program is on the class path. */
    public static boolean isAvailable() {
        return LocalSqs.class.getClassLoader().getResource(MAIN.replace('.', '/') + ".class") != null;
    }

    /** Starts it from this JVM's own class path; returns when it can be reached. */
    public static LocalSqs start() throws InterruptedException {
        int port = LocalPorts.free();
        LocalSqs server = new LocalSqs(launch(port), port);
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (!server.isReachable()) {
            if (!server.process.isAlive() || System.nanoTime() - giveUp > 0) {
                server.close();
                throw new IllegalStateException("ElasticMQ does not start on port " + port);
            }
            Thread.sleep(POLL_MILLIS);
        }
        return server;
    }

    private static Process launch(int port) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-Dnode-address.host=127.0.0.1",
                "-Dnode-address.port=" + port,
                "-Drest-sqs.bind-hostname=127.0.0.1",
                "-Drest-sqs.bind-port=" + port,
                "-Drest-stats.enabled=false",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("ElasticMQ does not start", e);
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

    /** Where its clients connect. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Runtime.getRuntime().removeShutdownHook(killer);
    }
}
