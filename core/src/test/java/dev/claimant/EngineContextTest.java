package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Steps that are handed in while another thread holds the lock. */
class EngineContextTest {

    private final EngineContext context =
            new EngineContext(System::nanoTime, new InMemorySource(new InMemoryQueue()), List.of());

    @Test
    void theThreadThatHoldsTheLockTakesWhatIsHandedInBeforeItGivesTheLockAway() {
        AtomicInteger taken = new AtomicInteger();
        context.locked(() -> {
            inAnotherThread(() -> context.handIn(taken::incrementAndGet));
            assertThat(taken).hasValue(0); // its own step is not over
        });
        assertThat(taken).hasValue(1);
    }

    @Test
    void aStepWithinAStepTakesNothingBeforeTheOuterOneIsOver() {
        AtomicInteger taken = new AtomicInteger();
        context.locked(() -> {
            inAnotherThread(() -> context.handIn(taken::incrementAndGet));
            context.locked(() -> {});
            assertThat(taken).hasValue(0);
        });
        assertThat(taken).hasValue(1);
    }

    @Test
    void aFloodOfStepsDoesNotKeepTheLockFromOthers() {
        int many = 1_000;
        AtomicInteger taken = new AtomicInteger();
        context.takeSteps();
        context.locked(() -> inAnotherThread(() -> {
            for (int i = 0; i < many; i++) {
                context.handIn(taken::incrementAndGet);
            }
        }));
        assertThat(taken.get()).isBetween(1, many - 1);
        assertThat(context.hasHandedIn()).isTrue();
        context.takeNoMoreSteps();
        assertThat(taken).hasValue(many);
    }

    @Test
    void whatAStepThrowsReachesTheThreadForStepsAndNotTheOneThatHappensToTakeIt() {
        context.takeSteps();
        IllegalStateException thrown = new IllegalStateException("planted");
        assertThatCode(() -> context.locked(() -> inAnotherThread(() -> context.handIn(() -> {
                    throw thrown;
                }))))
                .doesNotThrowAnyException();
        assertThatThrownBy(context::throwDefect).hasCause(thrown);
    }

    private static void inAnotherThread(Runnable task) {
        Thread thread = new Thread(task);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
