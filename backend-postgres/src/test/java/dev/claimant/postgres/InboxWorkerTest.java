package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Message;
import dev.claimant.RetryPolicy;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.Worker;
import dev.claimant.WorkerListener;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** An inbox under a real worker, on sources that bring messages again. */
class InboxWorkerTest {

    private final Effects effects = Effects.in(TestDatabase.shared());
    private final Inbox inbox = new Inbox(Roles.worker().dataSource(), effects.table());
    private final Told told = new Told();

    @Test
    void whatAnySourceBringsAgainAfterTheCommitChangesNothing() {
        InMemoryQueue queue = new InMemoryQueue();
        InMemorySource source = new InMemorySource(queue);
        queue.send(Message.of("m", "once"));
        Handler work = inbox.handler((claim, connection) -> effects.write(connection, claim));
        Handler losingItsLock = claim -> {
            work.handle(claim);
            if (claim.attempt() == 1) {
                source.expireLock(claim);
            }
        };

        workUntil(source, losingItsLock, 2);

        assertThat(told.settled).containsExactly("Complete LOST", "Complete APPLIED");
        assertThat(told.duplicates).containsExactly("m");
        assertThat(effects.all()).containsExactly("once");
        assertThat(queue.backlog().scaler()).isZero();
    }

    @Test
    void twoMessagesWithOneKeyAreOneEffectAndNoFailure() {
        try (TestQueue queue = new TestQueue()) {
            for (String text : List.of("order 7", "order 7")) {
                queue.queue.enqueue(NewMessage.of(text).idempotencyKey("7"));
            }
            PostgresSource source = PostgresSource.queue(queue.database.dataSource(), queue.name);
            try (source) {
                workUntil(source, inbox.handler((claim, connection) -> effects.write(connection, claim)), 2);
            }
            assertThat(told.settled).containsExactly("Complete APPLIED", "Complete APPLIED");
            assertThat(told.duplicates).hasSize(1);
            assertThat(effects.all()).containsExactly("order 7");
        }
    }

    @Test
    void whatAHandlerWroteThatSwallowedTheWorkersInterruptIsRolledBackAndDoneByTheNextTry() {
        InMemoryQueue queue = new InMemoryQueue();
        queue.send(Message.of("m", "once"));
        Handler swallowing = inbox.handler((claim, connection) -> {
            effects.write(connection, claim);
            if (claim.attempt() == 1) {
                await().until(claim::stopAsked);
                Thread.interrupted();
            }
        });

        workUntil(new InMemorySource(queue), swallowing, 2);

        assertThat(told.settled).containsExactly("Retry APPLIED", "Complete APPLIED");
        assertThat(told.duplicates).isEmpty();
        assertThat(effects.all()).containsExactly("once");
    }

    private void workUntil(Source source, Handler handler, int settled) {
        Worker worker = Worker.builder(source)
                .retry(RetryPolicy.immediate())
                .handlerTimeout(Duration.ofSeconds(3))
                .handler(handler)
                .listener(told)
                .build();
        try (worker) {
            worker.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> told.settled.size() >= settled);
        }
    }

    private static final class Told implements WorkerListener {
        final List<String> settled = new CopyOnWriteArrayList<>();
        final List<String> duplicates = new CopyOnWriteArrayList<>();

        @Override
        public void settled(Settlement settlement, Verdict verdict) {
            settled.add(settlement.getClass().getSimpleName() + " " + verdict);
        }

        @Override
        public void duplicate(Claim claim) {
            duplicates.add(claim.id());
        }
    }
}
