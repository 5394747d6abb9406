package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Claim;
import dev.claimant.Worker;
import dev.claimant.servicebusserver.Faults;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Handlers that outlast the lock while renewals fail, are refused as busy or are not answered, the connection drops, is lost without a word and the
 * link is detached: each message is handled once. Three minutes on a lock of five seconds: {@code bin/soak servicebus}.
 */
@Execution(ExecutionMode.CONCURRENT)
class LongHandlersTest {

    private static final Duration LOCK = Duration.ofSeconds(Long.getLong("claimant.servicebus.lock", 15));
    private static final Duration HANDLER = Duration.ofSeconds(Long.getLong("claimant.servicebus.handler", 24));
    private static final int MESSAGES = 6;

    private final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();
    private final CountDownLatch running = new CountDownLatch(MESSAGES);
    private final CountDownLatch neverCounted = new CountDownLatch(1);

    private void handle(Claim claim) throws InterruptedException {
        handled.computeIfAbsent(claim.text(), text -> new AtomicInteger()).incrementAndGet();
        running.countDown();
        neverCounted.await(HANDLER.toMillis(), TimeUnit.MILLISECONDS); // works, and is interrupted if its lock is lost
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES) // on demand it is told to run for longer than a test may
    void eachMessageIsHandledOnceWhateverHappensToRenewalsAndConnections() throws InterruptedException {
        try (TestEntity entity = new TestEntity(null, TestEntity.OPTIONS.lockDuration(LOCK))) {
            entity.sendAll(IntStream.range(0, MESSAGES)
                    .mapToObj(i -> new ServiceBusMessage("m" + i))
                    .toList());
            Faults faults = entity.server.faults();
            try (ServiceBusSource source = ServiceBusSource.of(entity.config().build());
                    Worker worker = Worker.builder(source)
                            .slots(MESSAGES)
                            .handler(this::handle)
                            .build()) {
                faults.fail("renew-lock", 1, "amqp:internal-error");
                faults.ignore("renew-lock", 1);
                faults.fail("renew-lock", 1, "com.microsoft:server-busy");
                worker.start();
                assertThat(running.await(TestEntity.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                awaitRenewals(faults, MESSAGES);
                entity.server.dropConnections();
                awaitRenewals(faults, 2 * MESSAGES);
                entity.server.silenceConnections();
                awaitRenewals(faults, 3 * MESSAGES);
                entity.server.detachLinks(entity.path(), "amqp:link:detach-forced");

                await().atMost(HANDLER.plus(TestEntity.PATIENCE))
                        .until(() -> entity.server.counts(entity.path()).active() == 0);
            }
            assertThat(handled).hasSize(MESSAGES);
            assertThat(handled.values()).extracting(AtomicInteger::get).containsOnly(1);
            assertThat(entity.server.counts(entity.path()).deadLetter()).isZero();
            System.out.printf(
                    "handled %d messages once each, %d s on locks of %d s, with %d renewals%n",
                    MESSAGES, HANDLER.toSeconds(), LOCK.toSeconds(), faults.seen("renew-lock"));
        }
    }

    private static void awaitRenewals(Faults faults, int count) {
        await().atMost(TestEntity.PATIENCE).until(() -> faults.seen("renew-lock") >= count);
    }
}
