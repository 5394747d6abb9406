package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PendingEventsTest {

    private static final int EVENTS = 100_000;

    @Test
    void anEventThatIsAddedWhileNothingIsToldIsToldOnce() throws InterruptedException {
        AtomicInteger told = new AtomicInteger();
        WorkerListener counting = new WorkerListener() {
            @Override
            public void timedOut(Claim claim) {
                told.incrementAndGet();
            }
        };
        EngineContext context =
                new EngineContext(System::nanoTime, new InMemorySource(new InMemoryQueue()), List.of(counting));
        Claim claim = new Claim(Message.of("m", ""), 1, 1, 0, Claim.NO_EXPIRY, -1);
        Thread adding = new Thread(() -> {
            for (int i = 0; i < EVENTS; i++) {
                context.locked(() -> context.pendingEvents.add(listener -> listener.timedOut(claim)));
            }
        });

        adding.start();
        while (adding.isAlive()) {
            context.pendingEvents.deliverHere();
        }
        context.pendingEvents.deliverHere();

        assertThat(told).hasValue(EVENTS);
        assertThat(context.locked(context.pendingEvents::allTold)).isTrue();
    }
}
