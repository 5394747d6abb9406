package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.Worker;
import dev.claimant.WorkerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The broker's process ends by SIGKILL under a worker that commits without a pause. Prints how much was done twice. */
@Isolated("it loads the whole machine")
class KilledBrokerTest {

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int PARTITIONS = 3;
    private static final int KILLS = Integer.getInteger("claimant.kafka.kills", 2);
    private static final int FOR_EACH_KILL = 2_100;
    private static final long WORK_NANOS = 2_000_000;

    private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicInteger settled = new AtomicInteger();

    @Test
    void nothingIsLostWhenTheBrokerIsKilledInTheMiddleOfCommits() throws Exception {
        List<Integer> onTheirWay = new ArrayList<>();
        int messages = (KILLS + 1) * FOR_EACH_KILL;
        try (BrokerProcess broker = new BrokerProcess(EmbeddedBroker.quickGroups());
                TestTopic topic = new TestTopic(broker.url(), broker.admin(), PARTITIONS)) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                topic.send(partition, messages / PARTITIONS);
            }
            try (KafkaSource source = KafkaSource.of(topic.config(config -> config));
                    Worker worker = Worker.builder(source)
                            .slots(10)
                            .handler(this::handle)
                            .listener(new Ledger())
                            .build()) {
                worker.start();
                for (int kill = 1; kill <= KILLS; kill++) {
                    int enough = kill * FOR_EACH_KILL;
                    await().atMost(LONG).until(() -> runs.size() >= enough);
                    broker.kill();
                    onTheirWay.add(handled.get() - settled.get());
                    broker.startAgain();
                }
                await().atMost(LONG)
                        .ignoreExceptions()
                        .until(() -> source.backlog().scaler() == 0);
            }

            int repeated =
                    runs.values().stream().mapToInt(count -> count.get() - 1).sum();
            System.out.printf(
                    "killed the broker %d times under %d messages: lost %d, repeated %d, locks lost %d; completions on their way at the kills %s%n",
                    KILLS, messages, messages - runs.size(), repeated, lost.size(), onTheirWay);
            assertThat(runs).hasSize(messages);
            runs.forEach((id, count) -> assertThat(count.get() == 1 || lost.contains(id))
                    .as("%s was done twice, and was not lost before", id)
                    .isTrue());
            assertThat(topic.dead()).isEmpty();
        }
    }

    private void handle(Claim claim) {
        LockSupport.parkNanos(WORK_NANOS);
        runs.computeIfAbsent(claim.id(), id -> new AtomicInteger()).incrementAndGet();
        handled.incrementAndGet();
    }

    private final class Ledger implements WorkerListener {
        @Override
        public void lockLost(Claim claim) {
            lost.add(claim.id());
        }

        @Override
        public void settled(Settlement settlement, Verdict verdict) {
            settled.incrementAndGet();
        }
    }
}
