package dev.claimant.kafka;

import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;

import dev.claimant.contract.DockerImage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The one real broker of a test run: the one that CLAIMANT_KAFKA_URL names (bootstrap servers); else a container, where the image is at
 * hand (CLAIMANT_BROKERS=docker insists on it); else a KRaft broker in this JVM. It ends with the JVM.
 */
final class TestBroker {

    private static final String IMAGE = "apache/kafka:4.1.0";
    private static @Nullable EmbeddedBroker embedded;
    private static final String URL = start();
    private static final Admin ADMIN = Admin.create(Map.of("bootstrap.servers", URL));

    private TestBroker() {}

    static String url() {
        return URL;
    }

    /** The one in this JVM, for what only we may do with it; absent where a broker was given. */
    static @Nullable EmbeddedBroker embedded() {
        return embedded;
    }

    static Admin admin() {
        return ADMIN;
    }

    static void createTopics(int partitions, String... names) {
        createTopics(ADMIN, Stream.of(names).collect(toMap(name -> name, name -> partitions)));
    }

    static void createTopics(Admin admin, Map<String, Integer> partitionsByName) {
        List<NewTopic> topics = partitionsByName.entrySet().stream()
                .map(topic -> new NewTopic(topic.getKey(), topic.getValue(), (short) 1))
                .toList();
        KafkaHarness.get(admin.createTopics(topics).all());
        awaitTopics(admin, partitionsByName.keySet());
    }

    /** Returns when the broker knows them: the controller that has made them is a step ahead. */
    static void awaitTopics(Admin admin, Set<String> topics) {
        await().pollInterval(20, TimeUnit.MILLISECONDS)
                .atMost(30, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> admin.describeTopics(topics)
                                .allTopicNames()
                                .get(5, TimeUnit.SECONDS)
                                .size()
                        == topics.size());
    }

    private static String start() {
        String given = System.getenv("CLAIMANT_KAFKA_URL");
        if (given != null) {
            return announced("CLAIMANT_KAFKA_URL", given);
        }
        if ("docker".equals(System.getenv("CLAIMANT_BROKERS")) || DockerImage.isAtHand(IMAGE)) {
            KafkaContainer container = new KafkaContainer(IMAGE);
            EmbeddedBroker.quickGroups().forEach((name, value) -> container.withEnv(environmentOf(name), value));
            container.start();
            return announced("container " + IMAGE, container.getBootstrapServers());
        }
        EmbeddedBroker started = EmbeddedBroker.start(Map.of());
        embedded = started;
        return announced("KRaft broker in this JVM", started.url());
    }

    private static String environmentOf(String setting) {
        return "KAFKA_" + setting.replace('.', '_').toUpperCase(java.util.Locale.ROOT);
    }

    private static String announced(String what, String url) {
        System.out.println("Kafka for the tests: " + what + ", " + url);
        return url;
    }
}
