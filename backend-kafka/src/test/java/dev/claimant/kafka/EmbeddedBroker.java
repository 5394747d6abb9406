package dev.claimant.kafka;

import static org.awaitility.Awaitility.await;

import dev.claimant.contract.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;

/**
 * The tests' broker. Besides the plain listener it has some that lead through a {@link Wire} each, one half of them with SASL and TLS: the
 * broker advertises the wire's address there, so that a client that comes by one has all its connections on it.
 */
final class EmbeddedBroker implements AutoCloseable {

    /** For this many tests at once, see junit-platform.properties. */
    private static final int TESTS = 6;

    private static final int WIRES_OF_A_TEST = 4;
    private static final int SECURED = TESTS * WIRES_OF_A_TEST;
    private static final int WIRES = 2 * SECURED;

    private final KraftBroker broker;
    private final List<Wire> wires = new ArrayList<>();
    private final BlockingQueue<List<Wire>> freeSecured = new LinkedBlockingQueue<>();
    private final BlockingQueue<List<Wire>> freePlain = new LinkedBlockingQueue<>();
    private final Security security;
    private final Admin admin;

    private EmbeddedBroker(Map<String, String> special) throws IOException {
        security = new Security(Files.createTempDirectory("claimant-kafka-security"));
        List<Integer> ports = KraftBroker.freePorts(2 + WIRES);
        ports.subList(2, ports.size()).forEach(port -> wires.add(Wire.to("127.0.0.1", port)));
        Map<String, String> settings = new HashMap<>(quickGroups());
        settings.putAll(security.broker());
        Map<String, String> listeners = new LinkedHashMap<>();
        for (int i = 0; i < WIRES; i++) {
            boolean isSecured = i < SECURED;
            listeners.put(
                    "WIRE" + i,
                    (isSecured ? "SASL_SSL" : "PLAINTEXT") + " 127.0.0.1:" + ports.get(2 + i) + " 127.0.0.1:"
                            + wires.get(i).port());
            settings.putAll(isSecured ? Security.users("WIRE" + i) : Map.of());
        }
        for (int i = 0; i < WIRES; i += WIRES_OF_A_TEST) {
            (i < SECURED ? freeSecured : freePlain).add(wires.subList(i, i + WIRES_OF_A_TEST));
        }
        settings.putAll(special);
        broker = new KraftBroker(ports, listeners, settings);
        admin = Admin.create(Map.of("bootstrap.servers", broker.url()));
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

    String url() {
        return broker.url();
    }

    Admin admin() {
        return admin;
    }

    Security security() {
        return security;
    }

    void restart() {
        broker.restart();
    }

    /** Returns when the broker knows of it: the controller that answers is a step ahead. */
    void allow(List<AclBinding> rights) {
        KafkaHarness.get(admin.createAcls(rights).all());
        await().atMost(30, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(() -> rights.stream()
                        .noneMatch(right -> KafkaHarness.get(
                                        admin.describeAcls(right.toFilter()).values())
                                .isEmpty()));
    }

    /** Returns when the broker knows of it. */
    void addUser(UserScramCredentialUpsertion user) {
        KafkaHarness.get(admin.alterUserScramCredentials(List.of(user)).all());
        await().atMost(30, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .ignoreExceptions()
                .until(() -> KafkaHarness.get(admin.describeUserScramCredentials(List.of(user.user()))
                                .users())
                        .contains(user.user()));
    }

    /** For this caller alone, until it gives them back. */
    List<Wire> takeWires(boolean secured) {
        try {
            List<Wire> taken = (secured ? freeSecured : freePlain).poll(2, TimeUnit.MINUTES);
            return Objects.requireNonNull(taken, "all wires are taken");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void giveBack(List<Wire> mended, boolean secured) {
        mended.forEach(Wire::mend);
        (secured ? freeSecured : freePlain).add(mended);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        broker.close();
        wires.forEach(Wire::close);
    }
}
