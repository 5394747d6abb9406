package dev.claimant.kafka;

import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Harness;
import dev.claimant.contract.Misconfigured;
import dev.claimant.contract.NotApplicable;
import dev.claimant.contract.Sending;
import dev.claimant.contract.Wire;
import dev.claimant.spi.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic of one partition and a group of its own. The partition stays with who has it until that one leaves or is put out. */
final class KafkaHarness implements Harness {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final AtomicInteger WIRE = new AtomicInteger();
    private static final KafkaProducer<byte[], byte[]> PRODUCER = new KafkaProducer<>(
            Map.of("bootstrap.servers", TestBroker.url(), "linger.ms", "0"),
            new ByteArraySerializer(),
            new ByteArraySerializer());

    private final String topic = "contract-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    private final String deadTopic = topic + "-dead";
    private final IdentityHashMap<Source, String> clients = new IdentityHashMap<>();
    private final IdentityHashMap<Source, Wire> wires = new IdentityHashMap<>();
    private final String protocol;
    private final TestGroup group;
    private boolean favourNext;

    KafkaHarness(String protocol) {
        this.protocol = protocol;
        TestBroker.createTopics(1, topic, deadTopic);
        group = new TestGroup(topic, topic);
    }

    @Override
    public String name() {
        return protocol.equals("consumer") ? "Kafka consumer group" : "Kafka consumer group, classic protocol";
    }

    @Override
    public Source newSource() {
        String client = topic + "-client-" + clients.size();
        Wire wire = nextWire();
        String url = wire == null ? TestBroker.url() : "127.0.0.1:" + wire.port();
        KafkaConfig.Builder config = KafkaConfig.group(url, topic, topic);
        if (protocol.equals("classic")) {
            config.property("heartbeat.interval.ms", "100").property("session.timeout.ms", "4000");
        }
        Source source = KafkaSource.of(config.deadLetterTopic(deadTopic)
                .lockLength(Duration.ofSeconds(4))
                .requestTimeout(Duration.ofSeconds(8))
                .property("client.id", client)
                .property("group.protocol", protocol)
                .build());
        if (favourNext) {
            favourNext = false;
            group.favour(client);
        }
        clients.put(source, client);
        if (wire != null) {
            wires.put(source, wire);
        }
        return source;
    }

    /** Only a broker that is ours advertises wires. */
    private static @Nullable Wire nextWire() {
        EmbeddedBroker broker = TestBroker.embedded();
        if (broker == null) {
            return null;
        }
        return broker.wires()
                .get(Math.floorMod(WIRE.getAndIncrement(), broker.wires().size()));
    }

    private Wire wire(Source source) {
        Wire wire = wires.get(source);
        if (wire == null) {
            throw new NotApplicable("the broker that was given advertises its own address");
        }
        return wire;
    }

    @Override
    public void cut(Source source) {
        wire(source).cut();
    }

    @Override
    public void mute(Source source) {
        wire(source).mute();
    }

    @Override
    public void mend(Source source) {
        wire(source).mend();
    }

    @Override
    public void restart() {
        EmbeddedBroker broker = TestBroker.embedded();
        if (broker == null) {
            throw new NotApplicable("the broker that was given is not ours to restart");
        }
        broker.restart();
        await().atMost(patience())
                .ignoreExceptions()
                .until(() -> !group.describe().members().isEmpty());
    }

    @Override
    public String send(Sending message) {
        byte[] key = message.orderingKey() == null ? null : bytes(message.orderingKey());
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(topic, key, message.body());
        message.headers().forEach((name, value) -> sent.headers().add(name, bytes(value)));
        try {
            return topic + "-0@" + PRODUCER.send(sent).get(10, TimeUnit.SECONDS).offset();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot send", e);
        }
    }

    @Override
    public List<DeadMessage> deadLetters() {
        TopicPartition partition = new TopicPartition(deadTopic, 0);
        try (KafkaConsumer<byte[], byte[]> reader = reader()) {
            reader.assign(Set.of(partition));
            reader.seekToBeginning(Set.of(partition));
            long end =
                    Objects.requireNonNull(reader.endOffsets(Set.of(partition)).get(partition));
            List<DeadMessage> dead = new ArrayList<>();
            while (reader.position(partition) < end) {
                reader.poll(Duration.ofMillis(100))
                        .forEach(m -> dead.add(new DeadMessage(
                                m.value(),
                                new String(
                                        m.headers()
                                                .lastHeader("claimant-reason")
                                                .value(),
                                        StandardCharsets.UTF_8),
                                null)));
            }
            return dead;
        }
    }

    @Override
    public long scaler() {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> reader = reader()) {
            long end =
                    Objects.requireNonNull(reader.endOffsets(Set.of(partition)).get(partition));
            OffsetAndMetadata committed = reader.committed(Set.of(partition)).get(partition);
            return committed == null ? end : end - committed.offset();
        }
    }

    private KafkaConsumer<byte[], byte[]> reader() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestBroker.url(), "group.id", topic, "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public int connections() {
        if (TestBroker.embedded() == null) {
            throw new NotApplicable("the broker counts the connections of all its clients together");
        }
        return wires.values().stream().mapToInt(Wire::connections).sum();
    }

    /**
     * As an expired session: the broker puts the member out, which learns of it at its next heartbeat or commit. It joins again by
     * itself, and must not have the partition again as long as there are others, or before the next one to come.
     */
    @Override
    public void disconnect(Source source) {
        String client = Objects.requireNonNull(clients.get(source));
        favourNext = group.describe().members().size() == 1;
        group.putOut(client);
        while (!favourNext && !group.goesTo(other -> !other.equals(client))) {
            group.putOut(client);
        }
    }

    @Override
    public void endanger(Source source, List<Claim> claims, Duration finishWithin) {
        if (protocol.equals("classic")) {
            throw new NotApplicable(
                    "the classic protocol takes a partition from no member without another that has more");
        }
        group.usurp(patience());
        favourNext = true;
    }

    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Misconfigured misconfigured() {
        Source source = KafkaSource.of(KafkaConfig.group(TestBroker.url(), topic, "no-such-topic")
                .deadLetterTopic("no-such-dead-letter-topic")
                .build());
        return new Misconfigured(source, List.of("no-such-topic", "no-such-dead-letter-topic"));
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(20);
    }

    @Override
    public Duration quiet() {
        return Duration.ofMillis(300);
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public Duration precision() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Duration retryDelay() {
        return Duration.ofSeconds(3);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        group.close();
        wires.values().forEach(Wire::mend);
        get(TestBroker.admin().deleteTopics(Set.of(topic, deadTopic)).all());
    }
}
