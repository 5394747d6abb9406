package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A claim that waits, and the thread that polls: each wakes the other for news only. They woke each other all the time, up to 12,000 times a second. */
class WaitingClaimTest {

    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

    private final DeliveryBuffer all = new DeliveryBuffer();
    private final GroupBuffer buffer = all.group(100);

    @Test
    void aClaimThatWaitsWakesTheThreadThatPollsOnce() throws Exception {
        AtomicInteger wakes = new AtomicInteger();
        CompletableFuture<List<Claim>> claimed = new CompletableFuture<>();
        Thread claimer = new Thread(() -> claimed.completeAsync(
                () -> {
                    try {
                        return all.claim(1, TestTopic.PATIENCE.toNanos(), wakes::incrementAndGet);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Runnable::run));
        claimer.start();

        for (int i = 0; i < 10; i++) {
            await().until(() -> claimer.getState() == Thread.State.TIMED_WAITING);
            buffer.run(() -> {}); // news, but none for it
        }
        buffer.run(this::offerOne);

        assertThat(claimed.get(TestTopic.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasSize(1);
        assertThat(wakes).hasValue(1);
    }

    private void offerOne() {
        AssignedPartition partition =
                new AssignedPartition(new Assignment("group", PARTITION, "topic", null, 1), 0, true, new TreeMap<>());
        buffer.add(partition);
        partition.add(new ConsumerRecord<>("topic", 0, 0, new byte[0], new byte[1]));
        partition.announce(1, 100);
        partition.committed();
    }
}
