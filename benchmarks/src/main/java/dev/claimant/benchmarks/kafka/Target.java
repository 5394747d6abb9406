package dev.claimant.benchmarks.kafka;

import dev.claimant.benchmarks.harness.Duty;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The topic that a contender works off, as a group that nobody has used before. */
record Target(String servers, String topic) {

    private static final String SERVERS_VARIABLE = "BENCH_SERVERS";
    private static final String TOPIC_VARIABLE = "BENCH_TOPIC";

    /** As the harness has given it to this process. */
    static Target given() {
        return new Target(System.getenv(SERVERS_VARIABLE), System.getenv(TOPIC_VARIABLE));
    }

    Map<String, String> environment() {
        return Map.of(SERVERS_VARIABLE, servers, TOPIC_VARIABLE, topic);
    }

    String deadLetterTopic() {
        return topic + ".dead";
    }

    /** What a consumer written by hand is told. */
    Map<String, Object> consumer() {
        return new HashMap<>(Map.of(
                "bootstrap.servers", servers,
                "group.id", topic,
                "group.protocol", "consumer",
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest"));
    }

    /** The number that a record carries: its first four bytes. */
    static int number(byte[] value) {
        return ByteBuffer.wrap(value).getInt();
    }

    /** For handlers on threads of a framework, which may throw no checked exception. */
    static void handle(Duty duty, ConsumerRecord<byte[], byte[]> record) {
        try {
            duty.handle(number(record.value()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
