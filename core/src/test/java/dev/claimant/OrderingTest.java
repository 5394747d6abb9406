package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities.Ordering;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderingTest {

    private final Rig rig =
            Rig.with(InMemoryQueue.allCapabilities().with(all -> all.ordering(Ordering.PER_WORKER)), settings -> {
                settings.slots = 4;
                settings.ordered = true;
                settings.retry = RetryPolicy.immediate().maxExpiredLocks(1);
            });

    @BeforeEach
    void letPrefetchBegin() {
        send("", "first");
        rig.workOffEverything();
        rig.heard.settled.clear();
    }

    @Test
    void messagesOfOneKeyRunOneAtATimeInOrder() {
        send("k", "a", "b", "c");
        rig.claim();
        for (String id : List.of("a", "b", "c")) {
            Execution running = rig.start();
            assertThat(running.claim.id()).isEqualTo(id);
            assertThat(rig.startIfAny()).isNull();
            rig.succeed(running);
            assertThat(rig.startIfAny())
                    .as("before the source has the completion")
                    .isNull();
            rig.settle();
        }
        assertThat(rig.stats().held()).isZero();
    }

    @Test
    void differentKeysAndMessagesWithoutOneRunInParallel() {
        send("k", "a1", "a2");
        send("l", "b1");
        rig.send("x", "y");
        rig.claim();
        assertThat(List.of(started(), started(), started(), started())).containsExactly("a1", "b1", "x", "y");
    }

    @Test
    void aFailedMessageTakesItsSuccessorsBackWithIt() {
        send("k", "a", "b", "c");
        rig.claim();
        rig.fail(rig.start(), new Exception("no"));
        assertThat(rig.startIfAny()).isNull();
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Retry a APPLIED", "Release b APPLIED", "Release c APPLIED");
        rig.claim();
        assertThat(started()).isEqualTo("a");
        assertThat(rig.startIfAny()).isNull();
    }

    @Test
    void aMessageWhoseEndIsNotAnsweredHoldsItsSuccessorsUntilItIs() {
        send("k", "a", "b");
        rig.claim();
        rig.source.unreachable(true);
        rig.succeed(rig.start());
        rig.settle();
        assertThat(rig.startIfAny()).isNull();
        rig.source.unreachable(false);
        rig.advance(Duration.ofSeconds(2));
        rig.settle();
        assertThat(started()).isEqualTo("b");
    }

    @Test
    void aDeadLetterLetsItsSuccessorsGo() {
        send("k", "a", "b");
        rig.claim();
        rig.fail(rig.start(), new PermanentFailure("never"));
        rig.settle();
        assertThat(started()).isEqualTo("b");
    }

    @Test
    void aMessageThatMayNotBeTriedAgainLetsItsSuccessorsGo() {
        send("k", "a", "b");
        rig.claim();
        rig.source.takeAway(List.of(rig.start().claim));
        rig.settle();
        rig.claim();
        assertThat(rig.startIfAny()).isNull();
        rig.settle();
        assertThat(rig.queue.deadLetters())
                .extracting(dead -> dead.claim().id())
                .containsExactly("a");
        assertThat(started()).isEqualTo("b");
    }

    @Test
    void aLostLockTakesTheSuccessorsBackAtOnce() {
        send("k", "a", "b", "c");
        rig.claim();
        rig.source.takeAway(List.of(rig.start().claim));
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Release b APPLIED", "Release c APPLIED");
    }

    @Test
    void aCompletionThatComesTooLateTakesTheSuccessorsBack() {
        send("k", "a", "b");
        rig.claim();
        Execution late = rig.start();
        rig.source.expireLock(late.claim);
        rig.succeed(late);
        rig.settle();
        assertThat(rig.startIfAny()).isNull();
        assertThat(rig.heard.settled).containsExactly("Complete a LOST", "Release b APPLIED");
    }

    @Test
    void noMessageOvertakesOneThatWasLostWhileItWaited() {
        send("k", "a", "b", "c");
        rig.claim();
        Execution first = rig.start();
        rig.source.takeAway(List.of(rig.heard.claimed.get(2)));
        assertThat(rig.heard.lost).containsExactly("b");
        rig.succeed(first);
        rig.settle();
        assertThat(rig.startIfAny()).isNull();
        assertThat(rig.heard.settled).contains("Release c APPLIED");
    }

    @Test
    void noMessageOvertakesOneThatWentBackWhileItWaited() {
        send("k", "a", "b", "c");
        rig.claim();
        Execution first = rig.start();
        rig.engine.settler.endanger(List.of(rig.heard.claimed.get(2)));
        rig.succeed(first);
        rig.settle();
        assertThat(rig.startIfAny()).isNull();
        rig.engine.lost(List.of(rig.heard.claimed.get(2)));
        rig.settle();
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED", "Release c APPLIED");
    }

    private void send(String key, String... ids) {
        for (String id : ids) {
            rig.queue.send(new Message(id, id, new byte[0], Map.of(), null, key));
        }
    }

    private String started() {
        return rig.start().claim.id();
    }
}
