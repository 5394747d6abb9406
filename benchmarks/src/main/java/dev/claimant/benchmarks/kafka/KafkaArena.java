package dev.claimant.benchmarks.kafka;

import dev.claimant.benchmarks.harness.Arena;
import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.benchmarks.harness.QueueContender;
import dev.claimant.kafka.KraftBroker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;

/** A KRaft broker in this process, and those who work off a topic of six partitions there. */
public final class KafkaArena implements Arena {

    private static final List<String> CLIENT =
            List.of("kafka-clients-4", "slf4j-api-", "slf4j-simple-", "lz4-java-", "snappy-java-", "zstd-jni-");
    private static final List<String> CLAIMANT = List.of("claimant-core-", "claimant-backend-kafka-");
    private static final List<String> SPRING =
            List.of("spring-", "commons-logging-", "micrometer-commons-", "micrometer-observation-");

    /** It does not run with the others' client. */
    private static final List<String> PARALLEL = List.of(
            "kafka-clients-3",
            "slf4j-api-",
            "slf4j-simple-",
            "lz4-java-",
            "snappy-java-",
            "zstd-jni-",
            "parallel-consumer-core-",
            "micrometer-core-",
            "micrometer-commons-",
            "micrometer-observation-",
            "HdrHistogram-",
            "pl.tlinkowski.unij.");

    private final KraftBroker broker;
    private final BenchTopic topic;
    private final List<Contender> contenders = new ArrayList<>();

    /** Starts the broker, and warms it up. */
    public KafkaArena() {
        try {
            broker = KraftBroker.start(Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        topic = new BenchTopic(broker.url());
        topic.warmUp();
        add("raw", RawProgram.class, List.of());
        add("claimant", ClaimantProgram.class, CLAIMANT);
        add("claimant-tuned", TunedProgram.class, CLAIMANT);
        add("spring", SpringProgram.class, SPRING);
        contenders.add(QueueContender.of("parallel", ParallelProgram.class, PARALLEL, List.of(), topic));
    }

    private void add(String name, Class<? extends Program> program, List<String> libraries) {
        contenders.add(QueueContender.of(name, program, CLIENT, libraries, topic));
    }

    @Override
    public String describe() {
        return "Kafka " + version() + ", one KRaft broker, 6 partitions, one replica, without fsync";
    }

    private static String version() {
        Properties version = new Properties();
        try (InputStream file = Admin.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            version.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return version.getProperty("version");
    }

    @Override
    public List<Contender> contenders() {
        return contenders;
    }

    @Override
    public void close() {
        topic.close();
        broker.close();
    }
}
