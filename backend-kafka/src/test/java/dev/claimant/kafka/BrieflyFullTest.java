package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A partition that is full until the next commit is not paused. While one is, the client asks the broker for the others alone; where those are empty,
 * the answer takes {@code fetch.max.wait.ms}, and until then the client asks for nothing else, though the partition goes on long before. Kafka's own
 * double of the client shows what is paused.
 */
class BrieflyFullTest {

    private static final TopicPartition BUSY = new TopicPartition("topic", 0);
    private static final TopicPartition EMPTY = new TopicPartition("topic", 1);
    private static final int SPAN = 3;

    private static final class CountingConsumer extends MockConsumer<byte[], byte[]> {
        int polls;

        CountingConsumer() {
            super("earliest");
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration wait) {
            polls++;
            return super.poll(Duration.ZERO);
        }
    }

    private final CountingConsumer consumer = new CountingConsumer();
    private final DeliveryBuffer all = new DeliveryBuffer();
    private final GroupBuffer buffer = all.group(SPAN);
    private final Polling polling = new Polling(consumer, buffer, () -> false);
    private final List<KafkaClaim> claims = new ArrayList<>();
    private final Thread claimer = new Thread(this::wantMore, "wants more");

    /** All that may be claimed of the busy partition is claimed, and more is wanted. */
    @BeforeEach
    void fill() {
        consumer.assign(Set.of(BUSY, EMPTY));
        consumer.seek(BUSY, SPAN);
        consumer.seek(EMPTY, 0);
        for (TopicPartition each : List.of(BUSY, EMPTY)) {
            buffer.add(
                    new AssignedPartition(new Assignment("group", each, "topic", null, 1), 0, true, new TreeMap<>()));
        }
        buffer.run(() -> {
            for (int offset = 0; offset < SPAN; offset++) {
                busy().add(new ConsumerRecord<>(BUSY.topic(), BUSY.partition(), offset, new byte[0], new byte[1]));
            }
            busy().announce(SPAN, SPAN);
            busy().committed();
            busy().hand(SPAN, claims);
        });
        claimer.start();
        await().until(() -> buffer.locked(() -> all.target()) > 0);
    }

    private void wantMore() {
        try {
            all.claim(2, Duration.ofMinutes(10).toNanos(), () -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private AssignedPartition busy() {
        return Objects.requireNonNull(buffer.get(BUSY));
    }

    @AfterEach
    void end() throws InterruptedException {
        all.stop();
        claimer.interrupt();
        claimer.join();
    }

    @Test
    void aPartitionThatHasJustBecomeFullIsNotPaused() {
        polling.poll(true);

        assertThat(consumer.paused()).isEmpty();
        assertThat(consumer.polls).isZero();
    }

    @Test
    void whenTheFirstMessageIsDoneItIsPolledAtOnce() {
        polling.poll(true);
        buffer.run(() -> busy().done(claims.get(0)));

        polling.poll(true);

        assertThat(consumer.paused()).isEmpty();
        assertThat(consumer.polls).isEqualTo(1);
    }

    @Test
    void onlyThePartitionThatStaysFullIsPaused() {
        await().atMost(TestTopic.PATIENCE).until(() -> {
            polling.poll(true);
            return consumer.paused().equals(Set.of(BUSY));
        });

        assertThat(consumer.polls).isPositive();
    }
}
