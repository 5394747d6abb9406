package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.RetryPolicy;
import dev.claimant.Worker;
import dev.claimant.contract.Sending;
import dev.claimant.contract.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whole workers on a real queue. {@code bin/soak sqs} has a handler take three minutes, and sends a hundred messages to each group.
 */
@Execution(ExecutionMode.CONCURRENT)
class WorkersTest {

    private static final int GROUPS = 50;
    private static final int IN_GROUP = Integer.getInteger("claimant.sqs.group", 20);
    private static final int HANDLER_SECONDS = Integer.getInteger("claimant.sqs.handler", 20);
    private static final int FAILS_EVERY = 20;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private TestQueue queue(boolean fifo) {
        TestQueue queue = new TestQueue(TestServer.main(), fifo);
        open.add(queue);
        return queue;
    }

    private Worker worker(TestQueue queue, boolean ordered, Duration lock, Handler handler) {
        return worker(TestServer.main().endpoint().toString(), queue, ordered, lock, handler);
    }

    private Worker worker(String endpoint, TestQueue queue, boolean ordered, Duration lock, Handler handler) {
        SqsSource source = SqsSource.of(
                Rig.settings(endpoint, queue.url()).lockLength(lock).build());
        open.add(source);
        var builder = Worker.builder(source)
                .slots(10)
                .retry(RetryPolicy.exponential()
                        .firstDelay(Duration.ofMillis(50))
                        .maxAttempts(5))
                .handler(handler);
        Worker worker = (ordered ? builder.ordered() : builder).build();
        open.add(worker);
        worker.start();
        return worker;
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aHandlerThatTakesFarLongerThanItsLockCompletesOnce() {
        TestQueue queue = queue(false);
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        worker(queue, false, Duration.ofSeconds(5), claim -> {
            begun.incrementAndGet();
            TimeUnit.SECONDS.sleep(HANDLER_SECONDS);
            done.countDown();
        });

        queue.send("long work");

        await().atMost(Duration.ofSeconds(HANDLER_SECONDS + 60)).until(() -> done.getCount() == 0);
        await().atMost(Rig.PATIENCE).until(() -> queue.scaler(true, false) == 0);
        System.out.printf("handled for %d s on a lock of 5 s: begun %d times%n", HANDLER_SECONDS, begun.get());
        assertThat(begun).hasValue(1);
    }

    /**
     * Why effects double without an inbox: between the effect and its complete a worker can die, or be taken for dead. Here its lock ends
     * while it cannot renew; the message is handed out again, and the first handler has done its work, too.
     */
    @Test
    void withoutAnInboxAMessageWhoseWorkerWasCutOffHasItsEffectTwice() throws Exception {
        TestQueue queue = queue(false);
        Wire wire = Wire.to(
                TestServer.main().endpoint().getHost(),
                TestServer.main().endpoint().getPort());
        open.add(wire);
        Queue<String> effects = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        worker("http://127.0.0.1:" + wire.port(), queue, false, Duration.ofSeconds(3), claim -> {
            begun.countDown();
            awaitUninterruptibly(finish);
            effects.add(claim.message().idempotencyKey() + " by the first");
        });
        String id = queue.send("pay");
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        wire.mute();

        worker(
                queue,
                false,
                Duration.ofSeconds(30),
                claim -> effects.add(claim.message().idempotencyKey() + " by the second"));
        await().atMost(Rig.PATIENCE).until(() -> effects.size() == 1);
        finish.countDown();

        await().atMost(Rig.PATIENCE).until(() -> effects.size() == 2);
        await().atMost(Rig.PATIENCE).until(() -> queue.scaler(true, false) == 0);
        assertThat(effects).containsExactly(id + " by the second", id + " by the first");
        wire.mend();
    }

    /** A handler that does not respect that its claim is over. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // its lock is lost, and it goes on all the same
            }
        }
    }

    /** What a handler did, in the order in which it did it. */
    private static final class Ledger implements Handler {
        final Map<String, Queue<Integer>> done = new ConcurrentHashMap<>();
        final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
        final AtomicInteger overlaps = new AtomicInteger();
        final AtomicInteger all = new AtomicInteger();

        @Override
        public void handle(Claim claim) {
            String group = String.valueOf(claim.message().orderingKey());
            AtomicInteger here = running.computeIfAbsent(group, key -> new AtomicInteger());
            if (here.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            try {
                int number = Integer.parseInt(claim.text());
                if (number % FAILS_EVERY == 7 && failures(group, number).incrementAndGet() <= 2) {
                    throw new IllegalStateException("as the test wants");
                }
                done.computeIfAbsent(group, key -> new ConcurrentLinkedQueue<>())
                        .add(number);
                all.incrementAndGet();
            } finally {
                here.decrementAndGet();
            }
        }

        private AtomicInteger failures(String group, int number) {
            return failures.computeIfAbsent(group + " " + number, key -> new AtomicInteger());
        }
    }

    /** One in twenty fails twice; a worker goes and another comes five times. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void groupsKeepTheirOrderThroughFailuresAndWorkersThatComeAndGo() {
        TestQueue queue = queue(true);
        for (int number = 0; number < IN_GROUP; number++) {
            List<Sending> sendings = new ArrayList<>();
            for (int group = 0; group < GROUPS; group++) {
                byte[] body = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
                sendings.add(new Sending(body, Map.of(), "group " + group));
            }
            queue.sendAll(sendings);
        }
        int total = GROUPS * IN_GROUP;
        Ledger ledger = new Ledger();
        Worker stays = worker(queue, true, Duration.ofSeconds(30), ledger);
        for (int i = 1; i <= 5; i++) {
            Worker goes = worker(queue, true, Duration.ofSeconds(30), ledger);
            int enough = total * i / 6;
            await().atMost(Duration.ofMinutes(3)).until(() -> ledger.all.get() >= enough);
            goes.drain();
        }

        await().atMost(Duration.ofMinutes(5)).until(() -> queue.scaler(true, false) == 0);
        stays.drain();

        System.out.printf(
                "kept order: %d groups of %d messages, %d failures, five workers came and went; overlaps %d, done again %d%n",
                GROUPS,
                IN_GROUP,
                ledger.failures.values().stream()
                        .mapToInt(tries -> Math.min(2, tries.get()))
                        .sum(),
                ledger.overlaps.get(),
                ledger.all.get() - total);
        assertThat(ledger.overlaps).as("two of a group at once").hasValue(0);
        assertThat(queue.deadLetters()).isEmpty();
        assertThat(ledger.done).hasSize(GROUPS);
        ledger.done.forEach((group, numbers) -> assertThat(numbers.stream().distinct())
                .as(group)
                .hasSize(IN_GROUP)
                .isSorted());
    }
}
