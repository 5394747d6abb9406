package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Worker;
import dev.claimant.WorkerListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Workers come and go all the time while messages are worked off: none is lost, and what is done twice was taken away in the middle.
 * {@code bin/soak kafka} has it last a minute instead of the few seconds of every build, and demands that no partition stands still for ten.
 */
@Isolated("it loads the whole machine")
class RebalanceStormTest {

    private static final int SECONDS = Integer.getInteger("claimant.kafka.storm.seconds", 6);
    private static final int SOAK = 60;
    private static final int PER_SECOND = 850;
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int PARTITIONS = 4;
    private static final int SLOTS = 5;
    private static final long WORK_NANOS = 4_000_000;

    private final TestTopic topic = new TestTopic(PARTITIONS);
    private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
    private final Map<Integer, Long> lastProgress = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> lost = new ConcurrentHashMap<>();
    private final AtomicLong longestStall = new AtomicLong();
    private final CountDownLatch all = new CountDownLatch(SECONDS * PER_SECOND);

    @AfterEach
    void end() {
        topic.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void nothingIsLostAndLittleIsDoneTwice(String protocol) throws Exception {
        int messages = SECONDS * PER_SECOND;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            topic.send(partition, messages / PARTITIONS);
        }
        List<Member> steady = new ArrayList<>(List.of(new Member(protocol)));
        Deque<Member> coming = new ArrayDeque<>();
        for (int step = 0; step < SECONDS; step++) {
            long begun = System.nanoTime();
            if (step % 2 == 0) {
                coming.add(new Member(protocol));
            } else {
                coming.remove().close();
            }
            long rest = STEP.toNanos() - (System.nanoTime() - begun);
            all.await(Math.max(0, rest), TimeUnit.NANOSECONDS);
        }

        assertThat(all.await(60 + SECONDS, TimeUnit.SECONDS))
                .as("done: %d of %d", runs.size(), messages)
                .isTrue();
        coming.forEach(Member::close);
        steady.forEach(Member::close);

        int repeated = sum(runs) - messages;
        System.out.printf(
                "storm on %s: %d messages, %d members came or went, repeated %d, locks lost %d, longest stall of a partition %d ms%n",
                protocol, messages, SECONDS, repeated, sum(lost), TimeUnit.NANOSECONDS.toMillis(longestStall.get()));
        runs.forEach((id, times) -> assertThat(times.get() - 1)
                .as("repetitions of %s, against how often its lock was lost", id)
                .isLessThanOrEqualTo(lost.getOrDefault(id, new AtomicInteger()).get()));
        if (SECONDS >= SOAK) {
            assertThat(repeated).isLessThanOrEqualTo(SLOTS * SECONDS);
            assertThat(Duration.ofNanos(longestStall.get())).isLessThan(Duration.ofSeconds(10));
        }
    }

    private static int sum(Map<String, AtomicInteger> counts) {
        return counts.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    private final class Member implements AutoCloseable {
        private final KafkaSource source;
        private final Worker worker;

        Member(String protocol) {
            source = KafkaSource.of(topic.config(config -> config.property("group.protocol", protocol)));
            worker = Worker.builder(source)
                    .slots(SLOTS)
                    .drainTimeout(Duration.ofSeconds(5))
                    .handler(this::handle)
                    .listener(new WorkerListener() {
                        @Override
                        public void lockLost(Claim claim) {
                            lost.computeIfAbsent(claim.id(), id -> new AtomicInteger())
                                    .incrementAndGet();
                        }
                    })
                    .build();
            worker.start();
        }

        private void handle(Claim claim) {
            LockSupport.parkNanos(WORK_NANOS);
            long now = System.nanoTime();
            Long before = lastProgress.put(((KafkaClaim) claim).record().partition(), now);
            if (before != null) {
                longestStall.accumulateAndGet(now - before, Math::max);
            }
            if (runs.computeIfAbsent(claim.id(), id -> new AtomicInteger()).incrementAndGet() == 1) {
                all.countDown();
            }
        }

        @Override
        public void close() {
            worker.close();
            source.close();
        }
    }
}
