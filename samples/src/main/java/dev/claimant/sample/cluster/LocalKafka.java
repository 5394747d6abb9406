package dev.claimant.sample.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** A Kafka broker that is its own controller, in a process of its own on the loopback address. It and its directory end with this JVM. */
public final class LocalKafka implements AutoCloseable {

    private static final String MAIN = "kafka.Kafka";
    private static final String FORMAT = "kafka.tools.StorageTool";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long POLL_MILLIS = 100;

    /** How long the group keeps a member that is silent: after a kill, the 45 s of a real broker would be long at a demo's pace. */
    public static final int SESSION_SECONDS = 6;

    private final Path directory;
    private final int port;
    private final Process process;
    private final Thread killer;

    private LocalKafka(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
        killer = new Thread(this::end);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Whether its program is on the class path. */
    public static boolean isAvailable() {
        return LocalKafka.class.getClassLoader().getResource(MAIN.replace('.', '/') + ".class") != null;
    }

    /** Starts it from this JVM's own class path; returns when it can be reached. */
    public static LocalKafka start() throws InterruptedException {
        try {
            Path directory = Files.createTempDirectory("claimant-kafka");
            int port = LocalPorts.free();
            Path settings = directory.resolve("server.properties");
            try (var out = Files.newOutputStream(settings)) {
                settings(directory.resolve("log"), port, LocalPorts.free()).store(out, null);
            }
            if (launch(FORMAT, "format", "-t", Uuid.randomUuid().toString(), "-c", settings.toString())
                            .waitFor()
                    != 0) {
                throw new IllegalStateException("Kafka's log directory cannot be formatted: " + directory);
            }
            LocalKafka broker = new LocalKafka(directory, port, launch(MAIN, settings.toString()));
            broker.awaitReachable();
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka does not start", e);
        }
    }

    private static Properties settings(Path log, int port, int controllerPort) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + controllerPort,
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners", "PLAINTEXT://127.0.0.1:" + port,
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "PLAINTEXT",
                "log.dirs", log.toString(),
                "auto.create.topics.enable", "false"));
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(internal + ".replication.factor", "1");
            settings.put(internal + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("group.consumer.min.heartbeat.interval.ms", "500");
        settings.put("group.consumer.heartbeat.interval.ms", "1000");
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.consumer.session.timeout.ms", Integer.toString(SESSION_SECONDS * 1_000));
        return settings;
    }

    private static Process launch(String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void awaitReachable() throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        try (Admin admin = Admin.create(Map.copyOf(clients()))) {
            while (!answers(admin)) {
                if (!process.isAlive() || System.nanoTime() - giveUp > 0) {
                    close();
                    throw new IllegalStateException("Kafka does not start on port " + port);
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    private static boolean answers(Admin admin) throws InterruptedException {
        try {
            return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Where its clients connect. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** What tells clients of this machine how to reach it. */
    public Map<String, String> clients() {
        return Map.of("bootstrap.servers", address());
    }

    /** What a pod of ours needs besides its manifest: there are no users here. */
    public Map<String, String> environment() {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + port,
                "KAFKA_SASL_MECHANISM",
                "",
                "KAFKA_SESSION_TIMEOUT_SECONDS",
                Integer.toString(SESSION_SECONDS));
    }

    private void end() {
        process.destroyForcibly();
        try (Stream<Path> files = Files.walk(directory)) {
            process.waitFor();
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(killer);
    }
}
