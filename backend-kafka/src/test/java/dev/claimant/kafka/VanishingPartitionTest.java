package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/**
 * The client's own thread takes a partition away when the group has put the member out: between our asking what is assigned and our asking
 * for a position. The client refuses then, which is no defect of the worker. Kafka's own double of the client stands in for that moment.
 */
class VanishingPartitionTest {

    private static final TopicPartition OURS = new TopicPartition("topic", 0);
    private static final TopicPartition GONE = new TopicPartition("topic", 1);

    private static final KafkaConfig CONFIG =
            KafkaConfig.group("localhost:1", "group", "topic").build();

    private static TopicIds ids() {
        TopicIds ids = new TopicIds(CONFIG, new Connections(CONFIG));
        ids.note(new TopicDescription("topic", false, List.of(), Set.of(), Uuid.ONE_UUID));
        ids.areFresh();
        return ids;
    }

    /** Says that a partition is assigned, and refuses to be asked for it. */
    private static final class LosingConsumer extends MockConsumer<byte[], byte[]> {
        LosingConsumer() {
            super("earliest");
            assign(Set.of(OURS));
            updateBeginningOffsets(Map.of(OURS, 0L, GONE, 0L));
        }

        @Override
        public synchronized Set<TopicPartition> assignment() {
            Set<TopicPartition> stale = new HashSet<>(super.assignment());
            stale.add(GONE);
            return stale;
        }

        /** As the real client does; its double throws another exception. */
        @Override
        public synchronized long position(TopicPartition partition) {
            if (partition.equals(GONE)) {
                throw new IllegalStateException(
                        "You can only check the position for partitions assigned to this consumer.");
            }
            return super.position(partition);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions, java.time.Duration timeout) {
            return Map.of();
        }
    }

    private final LosingConsumer consumer = new LosingConsumer();
    private final GroupBuffer buffer = new DeliveryBuffer().group(100);
    private final Claiming claiming = new Claiming(consumer, buffer, CONFIG, "group", ids(), lost -> {});

    @Test
    void aPartitionThatIsGoneIsNotTakenUp() {
        claiming.takeUp();

        assertThat(buffer.all()).containsExactly(OURS);
    }

    @Test
    void theMessagesOfOthersAreKeptThatCameWithItsOwn() {
        claiming.takeUp();
        ConsumerRecords<byte[], byte[]> polled =
                new ConsumerRecords<>(Map.of(GONE, List.of(record(GONE)), OURS, List.of(record(OURS))), Map.of());
        consumer.seek(OURS, 1); // where the poll would have left it

        claiming.takeIn(polled);

        List<Claim> claims = buffer.locked(() -> {
            AssignedPartition ours = buffer.get(OURS);
            List<Claim> handed = new java.util.ArrayList<>();
            if (ours != null) {
                ours.announce(10, 100);
                ours.committed();
                ours.hand(10, handed);
            }
            return handed;
        });
        assertThat(claims).extracting(Claim::id).containsExactly("topic-0@0");
    }

    @Test
    void pollingGoesOn() {
        claiming.takeUp();
        Polling polling = new Polling(consumer, buffer, () -> true);

        assertThat(polling.poll(true).isEmpty()).isTrue();
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition) {
        return new ConsumerRecord<>(partition.topic(), partition.partition(), 0, new byte[0], new byte[1]);
    }
}
