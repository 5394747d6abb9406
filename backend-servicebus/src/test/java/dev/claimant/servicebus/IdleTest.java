package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Worker;
import dev.claimant.servicebusserver.Faults;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Service Bus detaches links that nobody has used for ten minutes; here after seconds, so that locks still hold. */
@Isolated("looks at all that is logged")
class IdleTest {

    private static final Duration IDLE = Duration.ofSeconds(20);

    /** What was on its way to a link that has ended comes again when its lock has. */
    private static final Duration BEYOND_A_LOCK = TestEntity.LOCK.plus(TestEntity.PATIENCE);

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final CountDownLatch longEnough = new CountDownLatch(1);

    private Worker worker(ServiceBusSource source) {
        return Worker.builder(source)
                .slots(1)
                .handler(claim -> {
                    if (claim.text().equals("long")) {
                        longEnough.await(1, TimeUnit.MINUTES);
                    }
                    handled.add(claim.text());
                })
                .build();
    }

    private void awaitHandled(TestEntity entity, String text) {
        await().atMost(BEYOND_A_LOCK).until(() -> handled.contains(text));
        await().atMost(BEYOND_A_LOCK)
                .until(() -> entity.server.counts(entity.path()).active() == 0);
    }

    private static void send(TestEntity entity, String text) {
        entity.sendAll(List.of(new ServiceBusMessage(text).setSessionId("of " + text)));
    }

    private static void passIdle(TestEntity entity) {
        Faults faults = entity.server.faults();
        int links = faults.seen("attach");
        entity.server.advance(IDLE);
        await().atMost(TestEntity.PATIENCE).until(() -> faults.seen("attach") > links);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIdleWorkerClaimsOnAndNothingIsLoggedAsAnError(boolean sessions) {
        PrintStream err = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (TestEntity entity =
                        new TestEntity(null, sessions ? TestEntity.OPTIONS.requireSession() : TestEntity.OPTIONS);
                ServiceBusSource source = ServiceBusSource.of(entity.config().build());
                Worker worker = worker(source)) {
            worker.start();
            send(entity, "before");
            awaitHandled(entity, "before");
            entity.server.detachIdleLinks(IDLE);
            for (int i = 1; i <= 3; i++) {
                passIdle(entity);
                send(entity, "after " + i);
                awaitHandled(entity, "after " + i);
            }
            assertThat(worker.isReady()).isTrue();
            assertThat(worker.isAlive()).isTrue();
        } finally {
            System.setErr(err);
        }
        String logged = log.toString(StandardCharsets.UTF_8);
        assertThat(logged).doesNotContain("ERROR");
        assertThat(logged.lines().filter(line -> line.contains("Claiming") || line.contains("Watchdog")))
                .isEmpty();
    }

    /** All slots are taken, so nothing comes and goes on the link while the handler works. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMessageWhoseLinkIsDetachedWhileItsHandlerWorksIsHandledOnce(boolean hasNext) {
        try (TestEntity entity = new TestEntity(null);
                ServiceBusSource source = ServiceBusSource.of(entity.config().build());
                Worker worker = worker(source)) {
            worker.start();
            send(entity, "long");
            await().atMost(TestEntity.PATIENCE).until(() -> entity.server.locked(entity.path()) == 1);
            if (hasNext) {
                send(entity, "next");
            }
            entity.server.detachIdleLinks(IDLE);
            passIdle(entity);
            longEnough.countDown();
            awaitHandled(entity, hasNext ? "next" : "long");
        }
        assertThat(handled).containsExactlyElementsOf(hasNext ? List.of("long", "next") : List.of("long"));
    }
}
