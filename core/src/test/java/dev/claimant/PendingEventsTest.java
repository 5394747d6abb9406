package dev.claimant;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PendingEventsTest {

    private static final int EVENTS = 100_000;
    private static final Claim CLAIM = Claim.of(Message.of("m", ""));

    @Test
    void anEventThatIsAddedWhileNothingIsToldIsToldOnce() throws InterruptedException {
        AtomicInteger told = new AtomicInteger();
        EngineContext context = telling(told::incrementAndGet);
        Thread adding = new Thread(() -> {
            for (int i = 0; i < EVENTS; i++) {
                context.locked(() -> context.pendingEvents.add(listener -> listener.timedOut(CLAIM)));
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

    @Test
    void aListenerIsKnownAsOneOnWhateverThreadItIsTold() {
        AtomicBoolean known = new AtomicBoolean();
        AtomicReference<PendingEvents> events = new AtomicReference<>();
        EngineContext context =
                telling(() -> known.set(requireNonNull(events.get()).isDelivering()));
        events.set(context.pendingEvents);

        context.pendingEvents.tell(listener -> listener.timedOut(CLAIM));

        assertThat(known).as("it must not wait until everything is told").isTrue();
        assertThat(context.pendingEvents.isDelivering()).isFalse();
    }

    @Test
    void noOtherThreadTellsAnEventWhileTheOneForEventsGetsNoProcessor() throws Exception {
        Gate begins = new Gate();
        CompletableFuture<Thread> told = new CompletableFuture<>();
        EngineContext context = telling(() -> told.complete(Thread.currentThread()));
        Thread late = new Thread(() -> {
            begins.awaitWhateverHappens();
            context.pendingEvents.loop();
        });

        context.pendingEvents.deliverOn(late);
        context.pendingEvents.tell(listener -> listener.timedOut(CLAIM));
        begins.open();

        assertThat(told.get(20, SECONDS)).isSameAs(late);
        context.locked(context.pendingEvents::close);
        context.pendingEvents.deliver();
        late.join(20_000);
        assertThat(late.isAlive()).isFalse();
    }

    private static EngineContext telling(Runnable onTimedOut) {
        WorkerListener listener = new WorkerListener() {
            @Override
            public void timedOut(Claim claim) {
                onTimedOut.run();
            }
        };
        return new EngineContext(System::nanoTime, new InMemorySource(new InMemoryQueue()), List.of(listener));
    }
}
