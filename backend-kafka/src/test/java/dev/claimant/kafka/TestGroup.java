package dev.claimant.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;

/** Decides who gets the one partition of a topic, by the means that the group protocol has. */
final class TestGroup implements AutoCloseable {

    /** Before all others in the alphabet: the range assignor gives it the partition, whichever member has it. */
    private static final String USURPER = "!";

    private final Admin admin;
    private final String name;
    private final String topic;
    private volatile boolean closed;

    TestGroup(String name, String topic) {
        this(TestBroker.admin(), name, topic);
    }

    TestGroup(Admin admin, String name, String topic) {
        this.admin = admin;
        this.name = name;
        this.topic = topic;
    }

    ConsumerGroupDescription describe() {
        var groups = KafkaHarness.get(admin.describeConsumerGroups(Set.of(name)).all());
        return Objects.requireNonNull(groups.get(name));
    }

    /** The broker takes these members of the client for gone. */
    void putOut(String client) {
        putOut(client::equals);
    }

    void putOutOthers(String client) {
        putOut(other -> !other.equals(client));
    }

    private void putOut(Predicate<String> clients) {
        ConsumerGroupDescription known = describe();
        try (GroupWire wire = new GroupWire(known.coordinator(), name)) {
            known.members().stream()
                    .filter(member -> clients.test(member.clientId()))
                    .forEach(member -> {
                        if (known.type() == GroupType.CLASSIC) {
                            wire.putOutOfClassic(member.consumerId());
                        } else {
                            wire.putOut(member.consumerId());
                        }
                    });
        }
    }

    /** Whether the group means such a client to have the partition, once it means anybody to. */
    boolean goesTo(Predicate<String> clients) {
        while (!closed) {
            for (MemberDescription member : describe().members()) {
                if (member.targetAssignment().orElse(member.assignment()).topicPartitions().stream()
                        .anyMatch(partition -> partition.topic().equals(topic))) {
                    return clients.test(member.clientId());
                }
            }
            pause();
        }
        return true;
    }

    /** Once this client has joined it gets the partition: the others are put out, and come back as members without one. */
    void favour(String client) {
        Thread waiting = new Thread(
                () -> {
                    while (!closed
                            && describe().members().stream()
                                    .noneMatch(m -> m.clientId().equals(client))) {
                        pause();
                    }
                    while (!goesTo(client::equals)) {
                        putOutOthers(client);
                    }
                },
                "favour");
        waiting.setDaemon(true);
        waiting.start();
    }

    /** Takes the partition away from its member; returns when that one has let go, its callback having returned. */
    void usurp(Duration patience) {
        long giveUp = System.nanoTime() + patience.toNanos();
        try (GroupWire wire = new GroupWire(describe().coordinator(), name)) {
            List<Uuid> owned = List.of();
            for (int epoch = 0; owned.isEmpty() && System.nanoTime() < giveUp; pause()) {
                ConsumerGroupHeartbeatResponseData answer = wire.usurp(USURPER, epoch, topic);
                epoch = answer.memberEpoch();
                if (answer.assignment() != null) {
                    owned = answer.assignment().topicPartitions().stream()
                            .map(ConsumerGroupHeartbeatResponseData.TopicPartitions::topicId)
                            .toList();
                }
            }
            if (owned.isEmpty()) {
                throw new IllegalStateException("the partition was not given up within " + patience);
            }
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Override
    public void close() {
        closed = true;
    }
}
