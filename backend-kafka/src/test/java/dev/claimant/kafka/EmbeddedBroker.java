package dev.claimant.kafka;

import dev.claimant.contract.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A broker that is its own controller, in this JVM. Besides the plain listener it has some that lead through a {@link Wire} each: the
 * broker advertises the wire's address there, so that a client that comes by one has all its connections on it.
 */
final class EmbeddedBroker implements AutoCloseable {

    /** For this many tests at once, see junit-platform.properties. */
    private static final int TESTS = 6;

    private static final int WIRES_OF_A_TEST = 6;
    private static final int WIRES = TESTS * WIRES_OF_A_TEST;

    private final Path directory;
    private final Properties settings = new Properties();
    private final String url;
    private final List<Wire> wires = new ArrayList<>();
    private final BlockingQueue<List<Wire>> free = new LinkedBlockingQueue<>();
    private final Admin admin;
    private KafkaRaftServer server;

    private EmbeddedBroker(Map<String, String> special) throws IOException {
        directory = Files.createTempDirectory("claimant-kafka");
        List<Integer> ports = freePorts(2 + WIRES);
        url = "127.0.0.1:" + ports.get(0);
        set(ports);
        settings.putAll(special);
        format(settings, directory);
        for (int i = 0; i < WIRES; i += WIRES_OF_A_TEST) {
            free.add(wires.subList(i, i + WIRES_OF_A_TEST));
        }
        server = newServer();
        admin = Admin.create(Map.of("bootstrap.servers", url));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop Kafka"));
    }

    /** What makes a group notice joins and leaves within a fraction of a second instead of within five. */
    static Map<String, String> quickGroups() {
        return Map.of(
                "group.consumer.min.heartbeat.interval.ms", "100",
                "group.consumer.heartbeat.interval.ms", "150",
                "group.consumer.min.session.timeout.ms", "1000",
                "group.consumer.assignment.interval.ms", "0",
                "group.consumer.assignor.offload.enable", "false",
                "group.min.session.timeout.ms", "1000",
                "group.initial.rebalance.delay.ms", "0");
    }

    static EmbeddedBroker start(Map<String, String> special) {
        try {
            return new EmbeddedBroker(special);
        } catch (IOException e) {
            throw new UncheckedIOException("no Kafka for the tests: set CLAIMANT_KAFKA_URL to a broker's host:port", e);
        }
    }

    private KafkaRaftServer newServer() {
        KafkaRaftServer starting = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        starting.startup();
        return starting;
    }

    String url() {
        return url;
    }

    Admin admin() {
        return admin;
    }

    /** For this caller alone, until it gives them back. */
    List<Wire> takeWires() {
        try {
            return Objects.requireNonNull(free.poll(2, TimeUnit.MINUTES), "all wires are taken");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void giveBack(List<Wire> mended) {
        mended.forEach(Wire::mend);
        free.add(mended);
    }

    /** Stops it and starts it again on its directory. */
    synchronized void restart() {
        server.shutdown();
        server.awaitShutdown();
        server = newServer();
    }

    private void set(List<Integer> ports) {
        int controllerPort = ports.get(1);
        StringBuilder listeners = new StringBuilder("PLAINTEXT://" + url);
        StringBuilder advertised = new StringBuilder(listeners);
        StringBuilder protocols = new StringBuilder("PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        for (int i = 0; i < WIRES; i++) {
            int behind = ports.get(2 + i);
            listeners.append(",WIRE" + i + "://127.0.0.1:" + behind);
            advertised.append(",WIRE" + i + "://127.0.0.1:" + wires.get(i).port());
            protocols.append(",WIRE" + i + ":PLAINTEXT");
        }
        settings.putAll(quickGroups());
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("listeners", listeners + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", advertised.toString());
        settings.put("listener.security.protocol.map", protocols.toString());
        settings.put("num.network.threads", "1");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", directory.toString());
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(internal + ".replication.factor", "1");
            settings.put(internal + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("controlled.shutdown.enable", "false");
        settings.put("log.cleaner.enable", "false");
        settings.put("auto.create.topics.enable", "false");
    }

    private static void format(Properties settings, Path directory) throws IOException {
        Path file = directory.resolve("server.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
        int answer = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (answer != 0) {
            throw new IOException("kafka-storage format failed: " + said.toString(StandardCharsets.UTF_8));
        }
    }

    @Override
    public synchronized void close() {
        admin.close(Duration.ZERO);
        server.shutdown();
        server.awaitShutdown();
        wires.forEach(Wire::close);
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + directory + ": " + e);
        }
    }

    /**
     * Below those from which the system takes the ports of outgoing connections: a broker that is started again must find its own free.
     * The wires are made while they are taken, so that these do not get one of them.
     */
    private List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            while (sockets.size() < count) {
                int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
                bind(port).ifPresent(sockets::add);
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            ports.subList(count - WIRES, count).forEach(port -> wires.add(Wire.to("127.0.0.1", port)));
            return ports;
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private static Optional<ServerSocket> bind(int port) throws IOException {
        try {
            return Optional.of(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (BindException e) {
            return Optional.empty(); // somebody has it
        }
    }
}
