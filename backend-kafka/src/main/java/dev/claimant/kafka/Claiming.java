package dev.claimant.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what the client polled into the partitions. On the polling thread only. */
final class Claiming {

    private static final Logger log = LoggerFactory.getLogger(Claiming.class);
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final GroupBuffer buffer;
    private final KafkaConfig config;
    private final String group;
    private final TopicIds ids;
    private final java.util.function.Consumer<Set<TopicPartition>> lose;

    /** The client goes on in these where it was in an old topic of their name. */
    private final Set<TopicPartition> madeAnew = new HashSet<>();

    /** What the group had committed of the old topic: the client may still go there after it was sent to the beginning. */
    private final Map<TopicPartition, Long> leftBehind = new HashMap<>();

    private int knownChanges;

    /**
     * For one membership.
     *
     * @param lose what is claimed in these partitions
     */
    Claiming(
            Consumer<byte[], byte[]> consumer,
            GroupBuffer buffer,
            KafkaConfig config,
            String group,
            TopicIds ids,
            java.util.function.Consumer<Set<TopicPartition>> lose) {
        this.consumer = consumer;
        this.buffer = buffer;
        this.config = config;
        this.group = group;
        this.ids = ids;
        this.lose = lose;
    }

    /** Loses what is claimed of a topic that was deleted and created: a group on the classic protocol does not notice. */
    void loseOldTopics() {
        int changes = ids.look();
        if (changes == knownChanges) {
            return;
        }
        knownChanges = changes;
        Set<TopicPartition> old = buffer.ofOldTopics(ids::known);
        if (!old.isEmpty()) {
            loseOldTopic(old);
        }
    }

    private void loseOldTopic(Set<TopicPartition> old) {
        log.warn("{} are of a topic that was deleted and created. What was claimed before is lost.", old);
        madeAnew.addAll(old);
        lose.accept(old);
    }

    /** Begins with partitions that are newly ours, where the group has left off. */
    void takeUp() {
        Set<TopicPartition> added = new HashSet<>(consumer.assignment());
        added.removeIf(buffer::has);
        if (added.isEmpty()) {
            return;
        }
        added.stream().map(TopicPartition::topic).distinct().forEach(ids::name);
        Map<TopicPartition, OffsetAndMetadata> committed =
                ClientCalls.unwoken(() -> consumer.committed(withSiblings(added), ANSWER));
        for (TopicPartition partition : added) {
            OffsetAndMetadata known = committed.get(partition);
            leftBehind.remove(partition);
            ClientCalls.whileAssigned(() -> {
                if (madeAnew.remove(partition) || isOfOldTopic(partition, known)) {
                    consumer.seekToBeginning(Set.of(partition));
                    addAtPosition(partition);
                    if (known != null) {
                        leftBehind.put(partition, known.offset());
                    }
                } else if (known != null) {
                    resume(partition, known);
                } else {
                    begin(partition, committed);
                }
            });
        }
    }

    private boolean isOfOldTopic(TopicPartition partition, @Nullable OffsetAndMetadata known) {
        return known != null && TopicTag.isOfAnother(known.metadata(), TopicTag.of(assignment(partition)));
    }

    /** All partitions of these topics where it matters whether the group has been on the topic before. */
    private Set<TopicPartition> withSiblings(Set<TopicPartition> added) {
        if (!config.fromLatest()) {
            return added;
        }
        Set<TopicPartition> all = new HashSet<>(added);
        for (TopicPartition partition : added) {
            consumer.partitionsFor(partition.topic(), ANSWER)
                    .forEach(known -> all.add(new TopicPartition(known.topic(), known.partition())));
        }
        return all;
    }

    private void resume(TopicPartition partition, OffsetAndMetadata known) {
        if (positionOf(partition) != known.offset()) {
            consumer.seek(partition, known.offset());
        }
        add(partition, known.offset(), true, OffsetMarks.read(known.offset(), known.metadata()));
    }

    /**
     * The group has never been on this partition. It begins with the first message: also where the others began with what came next, if
     * the group has been on those, for then this partition was added later and its first messages are meant for the group. So are all of a
     * retry topic. The client's own position is not taken: it may be of an offset that the broker has just deleted with an old topic.
     */
    private void begin(TopicPartition partition, Map<TopicPartition, OffsetAndMetadata> committed) {
        boolean isNewTopic = committed.entrySet().stream()
                .noneMatch(e -> e.getKey().topic().equals(partition.topic()) && e.getValue() != null);
        if (config.fromLatest() && isNewTopic && config.retryTiers().of(partition.topic()) == null) {
            consumer.seekToEnd(Set.of(partition));
        } else {
            consumer.seekToBeginning(Set.of(partition));
        }
        addAtPosition(partition);
    }

    private void addAtPosition(TopicPartition partition) {
        long position = ClientCalls.unwoken(() -> consumer.position(partition, ANSWER));
        add(partition, position, false, new TreeMap<>());
    }

    private void add(
            TopicPartition partition, long start, boolean isKnown, NavigableMap<Long, OffsetMarks.Mark> marks) {
        buffer.add(new AssignedPartition(assignment(partition), start, isKnown, marks));
    }

    private Assignment assignment(TopicPartition partition) {
        int epoch = consumer.groupMetadata().generationId();
        RetryTier tier = config.retryTiers().of(partition.topic());
        return new Assignment(group, partition, ids.known(partition.topic()), tier, epoch);
    }

    /** What the poll brought, and how far it has come. */
    void takeIn(ConsumerRecords<byte[], byte[]> messages) {
        for (TopicPartition partition : messages.partitions()) {
            AssignedPartition ours = buffer.get(partition);
            long first = messages.records(partition).get(0).offset();
            if (ours == null) {
                ClientCalls.whileAssigned(() -> consumer.seek(partition, first)); // not taken up yet: it comes again
            } else if (Objects.equals(leftBehind.remove(partition), first)) {
                ClientCalls.whileAssigned(() -> consumer.seekToBeginning(Set.of(partition)));
            } else if (!ours.isNew(first)) {
                beginAnew(ours, first);
            } else {
                add(partition, messages.records(partition));
            }
        }
        for (TopicPartition partition : consumer.assignment()) {
            AssignedPartition ours = buffer.get(partition);
            long position = positionOf(partition);
            if (leftBehind.remove(partition, position)) {
                ClientCalls.whileAssigned(() -> consumer.seekToBeginning(Set.of(partition)));
            } else if (ours != null && position >= 0 && ours.isSetBack(position)) {
                beginAnew(ours, position);
            } else if (ours != null) {
                buffer.locked(() -> {
                    ours.reached(position);
                    return ours;
                });
            }
        }
    }

    private void add(TopicPartition partition, Iterable<ConsumerRecord<byte[], byte[]>> messages) {
        AssignedPartition ours = buffer.get(partition);
        if (ours != null) {
            buffer.locked(() -> {
                messages.forEach(ours::add);
                return ours;
            });
        }
    }

    /**
     * The client went back, to a message that is not the one which was there: the topic was made anew, or its log was cut, and the client has found
     * out where by the leaders' epochs. What was not finished before the cut is done as if the partition had moved to another worker; what comes
     * after it is all new.
     */
    private void beginAnew(AssignedPartition ours, long cut) {
        TopicPartition partition = ours.partition;
        if (ours.isOfOldTopic(ids.name(partition.topic()))) {
            loseOldTopic(Set.of(partition));
            return;
        }
        log.warn(
                "{} was read beyond offset {} and ends there now: its log was cut, as an unclean election of a leader does. What was claimed"
                        + " of it is lost, and what is not finished before that offset comes again.",
                partition,
                cut);
        buffer.letGo(Set.of(partition));
        OffsetAndMetadata known = buffer.locked(() -> ours.say(OffsetMarks.DEFAULT_LIMIT));
        lose.accept(Set.of(partition));
        long start = Math.min(known.offset(), cut);
        NavigableMap<Long, OffsetMarks.Mark> marks = OffsetMarks.read(known.offset(), known.metadata());
        marks.tailMap(cut, true).clear();
        ClientCalls.whileAssigned(() -> {
            consumer.seek(partition, start);
            add(partition, start, false, marks);
        });
    }

    /** Beyond the last message: also past a transaction's marker, which would else count as backlog for ever. */
    private long positionOf(TopicPartition partition) {
        try {
            return ClientCalls.unwoken(() -> consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException | IllegalStateException e) {
            return -1; // not known yet, or not ours any more
        }
    }
}
