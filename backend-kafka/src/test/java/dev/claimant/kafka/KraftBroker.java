package dev.claimant.kafka;

import dev.claimant.contract.FreePorts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/** A broker that is its own controller, in this JVM, on a directory that goes with it. Its plain listener is for everybody. */
public final class KraftBroker implements AutoCloseable {

    private final KraftDirectory directory;
    private KafkaRaftServer server;

    /**
     * Formatted and started.
     *
     * @param ports free ones, for the plain listener and the controller's
     * @param listeners others, by name, each as {@code protocol host:port advertised-host:port}
     */
    KraftBroker(List<Integer> ports, Map<String, String> listeners, Map<String, String> special) throws IOException {
        directory = new KraftDirectory(ports, listeners, special);
        server = newServer();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop Kafka"));
    }

    /** One with a plain listener only. */
    public static KraftBroker start(Map<String, String> special) throws IOException {
        return new KraftBroker(freePorts(2), Map.of(), special);
    }

    private KafkaRaftServer newServer() {
        KafkaRaftServer starting = new KafkaRaftServer(KafkaConfig.fromProps(directory.settings()), Time.SYSTEM);
        starting.startup();
        return starting;
    }

    public String url() {
        return directory.url();
    }

    /** Stops it and starts it again on its directory. */
    synchronized void restart() {
        server.shutdown();
        server.awaitShutdown();
        server = newServer();
    }

    @Override
    public synchronized void close() {
        server.shutdown();
        server.awaitShutdown();
        directory.delete();
    }

    /** A broker that is started again must find its own free. */
    static List<Integer> freePorts(int count) {
        return Stream.generate(FreePorts::next).limit(count).toList();
    }
}
