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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/**
 * A topic of one partition and a group of its own. On the consumer protocol by SASL and TLS, with the rights of acls.sh and no others. The partition stays with who has it until that one leaves or is put out.
 */
final class KafkaHarness implements Harness {

    private final String protocol;
    private final List<Duration> retryTopics;
    private final @Nullable EmbeddedBroker broker;
    private final boolean isSecured;
    private final boolean isBrokersOnly;
    private final List<Wire> wires;
    private final TestTopic topic;
    private final TestGroup group;
    private final IdentityHashMap<Source, String> clients = new IdentityHashMap<>();
    private final IdentityHashMap<Source, Wire> wireOf = new IdentityHashMap<>();
    private boolean favourNext;

    /**
     * For one rule.
     *
     * @param retryTopics the delays of the retry topics; all delays go there then
     * @param restarts whether it restarts the broker: it gets one of its own then, since others run beside it
     */
    KafkaHarness(String protocol, List<Duration> retryTopics, boolean restarts) {
        this.protocol = protocol;
        this.retryTopics = retryTopics;
        isBrokersOnly = restarts && TestBroker.embedded() != null;
        broker = isBrokersOnly ? EmbeddedBroker.start(Map.of()) : TestBroker.embedded();
        Admin admin = broker == null ? TestBroker.admin() : broker.admin();
        topic = new TestTopic(broker == null ? TestBroker.url() : broker.url(), admin, 1, retryTopics);
        group = new TestGroup(admin, topic.group, topic.name);
        isSecured = broker != null && protocol.equals("consumer");
        wires = broker == null ? List.of() : broker.takeWires(isSecured);
        if (broker != null && isSecured) {
            broker.allow(broker.security().rights(topic.name, topic.group, topic.deadTopic));
            topic.retryTopics().forEach(retry -> broker.allow(broker.security().retryRights(retry, topic.group)));
        }
    }

    @Override
    public String name() {
        return "Kafka consumer group" + (protocol.equals("classic") ? ", classic protocol" : "")
                + (retryTopics.isEmpty() ? "" : ", retry topics");
    }

    @Override
    public Source newSource() {
        String client = topic.name + "-client-" + clients.size();
        Wire wire = wires.isEmpty() ? null : wires.get(clients.size() % wires.size());
        String url = wire == null ? TestBroker.url() : "127.0.0.1:" + wire.port();
        Source source = KafkaSource.of(topic.config(url, config -> {
            if (protocol.equals("classic")) {
                config.property("heartbeat.interval.ms", "100").property("session.timeout.ms", "4000");
            }
            if (broker != null && isSecured) {
                broker.security().logIn(config);
            }
            if (!retryTopics.isEmpty()) {
                config.retryInPartition(Duration.ZERO);
            }
            // a member of two groups that heard nothing for half of it would fail a claim: a busy machine needs more
            return config.lockLength(Duration.ofSeconds(retryTopics.isEmpty() ? 4 : 8))
                    .requestTimeout(Duration.ofSeconds(retryTopics.isEmpty() ? 8 : 12))
                    .property("client.id", client)
                    .property("group.protocol", protocol);
        }));
        if (favourNext) {
            favourNext = false;
            group.favour(client);
        }
        clients.put(source, client);
        if (wire != null) {
            wireOf.put(source, wire);
        }
        return source;
    }

    @Override
    public Wire wire(Source source) {
        Wire wire = wireOf.get(source);
        if (wire == null) {
            throw new NotApplicable("the broker that was given advertises its own address");
        }
        return wire;
    }

    @Override
    public void restart() {
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
        byte[] key = message.orderingKey() == null ? null : TestTopic.bytes(message.orderingKey());
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(topic.name, key, message.body());
        message.headers().forEach((name, value) -> sent.headers().add(name, TestTopic.bytes(value)));
        return topic.name + "-0@" + topic.send(sent);
    }

    @Override
    public List<DeadMessage> deadLetters() {
        return topic.dead().stream()
                .map(dead -> new DeadMessage(
                        dead.value(),
                        new String(dead.headers().lastHeader("claimant-reason").value(), StandardCharsets.UTF_8),
                        null))
                .toList();
    }

    @Override
    public long scaler() {
        return topic.lag();
    }

    @Override
    public Map<String, Long> furtherTriggers() {
        return topic.retryLags();
    }

    @Override
    public int connections() {
        if (broker == null) {
            throw new NotApplicable("the broker counts the connections of all its clients together");
        }
        return wires.stream().mapToInt(Wire::connections).sum();
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
        Source source = KafkaSource.of(KafkaConfig.group(TestBroker.url(), topic.group, "no-such-topic")
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
        return Duration.ofSeconds(retryTopics.isEmpty() ? 1 : 2);
    }

    @Override
    public Duration retryDelay() {
        return retryTopics.isEmpty() ? Duration.ofSeconds(3) : retryTopics.get(0);
    }

    @Override
    public void close() {
        group.close();
        if (broker != null) {
            broker.giveBack(wires, isSecured);
        }
        topic.close();
        if (isBrokersOnly && broker != null) {
            broker.close();
        }
    }
}
