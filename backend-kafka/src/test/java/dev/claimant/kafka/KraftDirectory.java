package dev.claimant.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** A formatted directory of a broker that is its own controller, and its settings. */
final class KraftDirectory {

    private final Path directory;
    private final String url;
    private final Properties settings = new Properties();

    /**
     * Formatted.
     *
     * @param ports free ones, for the plain listener and the controller's
     * @param listeners others, by name, each as {@code protocol host:port advertised-host:port}
     */
    KraftDirectory(List<Integer> ports, Map<String, String> listeners, Map<String, String> special) throws IOException {
        directory = Files.createTempDirectory("claimant-kafka");
        url = "127.0.0.1:" + ports.get(0);
        set(ports.get(1), listeners);
        settings.putAll(special);
        format();
    }

    String url() {
        return url;
    }

    Properties settings() {
        return settings;
    }

    /** The settings, for a broker in a process of its own. */
    Path file() {
        return directory.resolve("server.properties");
    }

    /** Where the broker keeps this partition. */
    Path log(String topic, int partition) {
        return directory.resolve(topic + "-" + partition);
    }

    private void set(int controllerPort, Map<String, String> others) {
        StringBuilder listeners = new StringBuilder("PLAINTEXT://" + url);
        StringBuilder advertised = new StringBuilder(listeners);
        StringBuilder protocols = new StringBuilder("PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        others.forEach((name, listener) -> {
            String[] words = listener.split(" ", 3);
            protocols.append("," + name + ":" + words[0]);
            listeners.append("," + name + "://" + words[1]);
            advertised.append("," + name + "://" + words[2]);
        });
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
        settings.put("group.initial.rebalance.delay.ms", "0");
    }

    private void format() throws IOException {
        try (OutputStream out = Files.newOutputStream(file())) {
            settings.store(out, null);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", file().toString()};
        int answer = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (answer != 0) {
            throw new IOException("kafka-storage format failed: " + said.toString(StandardCharsets.UTF_8));
        }
    }

    /** Once its broker has ended. */
    void delete() {
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
}
