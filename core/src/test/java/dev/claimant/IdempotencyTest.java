package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.memory.InMemoryIdempotencyStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link Handler#idempotent} makes of what a store answers, and what it tells the store. */
class IdempotencyTest {

    private static final Duration HOLD = Duration.ofMinutes(1);
    private static final Duration REMEMBER = Duration.ofHours(1);

    private final VirtualClock clock = new VirtualClock();
    private final IdempotencyStore store = new InMemoryIdempotencyStore(HOLD, REMEMBER, clock::nanos);
    private final List<String> effects = new ArrayList<>();
    private final Handler handler = Handler.idempotent(store, claim -> effects.add(claim.id()));

    @Test
    void theSameKeyIsWorkedOnOnceWhateverMessageItComesWith() throws Exception {
        handler.handle(claim("m1", "order-7"));

        assertThatThrownBy(() -> handler.handle(claim("m1", "order-7"))).isInstanceOf(AlreadyDone.class);
        assertThatThrownBy(() -> handler.handle(claim("m2", "order-7")))
                .isInstanceOf(AlreadyDone.class)
                .hasMessageContaining("order-7");
        handler.handle(claim("m3", "order-8"));

        assertThat(effects).containsExactly("m1", "m3");
    }

    @Test
    void whatAnotherMessagesHandlerHasInWorkIsPutOffUntilThatIsDone() throws Exception {
        Handler first = Handler.idempotent(store, claim -> {
            assertThatThrownBy(() -> handler.handle(claim("m2", "order-7")))
                    .isInstanceOfSatisfying(
                            RetryLater.class,
                            later -> assertThat(later.isUntried()).isTrue());
        });

        first.handle(claim("m1", "order-7"));

        assertThatThrownBy(() -> handler.handle(claim("m2", "order-7"))).isInstanceOf(AlreadyDone.class);
        assertThat(effects).isEmpty();
    }

    @Test
    void whatFailedMayBeTriedByAnyMessage() throws Exception {
        Handler failing = Handler.idempotent(store, claim -> {
            throw new IllegalStateException("no");
        });
        assertThatThrownBy(() -> failing.handle(claim("m1", "order-7"))).hasMessage("no");

        handler.handle(claim("m2", "order-7"));

        assertThat(effects).containsExactly("m2");
    }

    @Test
    void whatTheWorkersOwnStopCutShortIsNotDone() throws Exception {
        Handler swallowing = Handler.idempotent(store, Claim::askToStop);
        swallowing.handle(claim("m1", "order-7"));

        handler.handle(claim("m1", "order-7"));

        assertThat(effects).containsExactly("m1");
    }

    /** On a virtual thread, or with a client that heeds it, the interrupt would end the call, and the key would stay in work. */
    @Test
    void theStoreIsNotToldUnderTheInterruptThatWasForTheHandler() throws Exception {
        List<String> told = new ArrayList<>();
        IdempotencyStore watching = new IdempotencyStore() {
            @Override
            public Answer begin(String key, String message, String holder) {
                return Answer.BEGUN;
            }

            @Override
            public void complete(String key, String holder) {
                told.add("complete, interrupted: " + Thread.currentThread().isInterrupted());
            }

            @Override
            public void abandon(String key, String holder) {
                told.add("abandon, interrupted: " + Thread.currentThread().isInterrupted());
            }
        };

        Handler.idempotent(watching, claim -> Thread.currentThread().interrupt())
                .handle(claim("m1", "order-7"));
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        Handler failing = Handler.idempotent(watching, claim -> {
            Thread.currentThread().interrupt();
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> failing.handle(claim("m2", "order-8"))).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();

        assertThat(told).containsExactly("complete, interrupted: false", "abandon, interrupted: false");
    }

    @Test
    void aMessageThatIsClaimedAgainNeedNotWaitForItsDeadWorker() throws Exception {
        store.begin("order-7", "m1", "a worker that died");

        handler.handle(claim("m1", "order-7"));

        assertThat(effects).containsExactly("m1");
    }

    @Test
    void anotherMessageWaitsForItUntilTheKeyWasHeldTooLong() throws Exception {
        store.begin("order-7", "m1", "a worker that died");
        assertThatThrownBy(() -> handler.handle(claim("m2", "order-7"))).isInstanceOf(RetryLater.class);

        clock.advance(HOLD);
        handler.handle(claim("m2", "order-7"));

        assertThat(effects).containsExactly("m2");
    }

    @Test
    void whatIsDoneIsForgottenInTheEnd() throws Exception {
        handler.handle(claim("m1", "order-7"));
        clock.advance(REMEMBER.minusNanos(1));
        assertThatThrownBy(() -> handler.handle(claim("m1", "order-7"))).isInstanceOf(AlreadyDone.class);

        clock.advance(Duration.ofNanos(1));
        handler.handle(claim("m1", "order-7"));

        assertThat(effects).hasSize(2);
    }

    @Test
    void aWorkerThatWasOvertakenChangesNothingInTheStore() {
        store.begin("order-7", "m1", "first");
        store.begin("order-7", "m1", "second");

        store.complete("order-7", "first");
        store.abandon("order-7", "first");

        assertThat(store.begin("order-7", "m2", "third")).isEqualTo(IdempotencyStore.Answer.BUSY);
    }

    @Test
    void aMessageWithoutAKeyIsRefusedUnlessTheApplicationMakesOne() throws Exception {
        assertThatThrownBy(() -> handler.handle(claim("m1", null)))
                .isInstanceOf(PermanentFailure.class)
                .hasMessageContaining("no idempotency key");

        Handler own = Handler.idempotent(store, Claim::text, claim -> effects.add(claim.id()));
        own.handle(claim("m1", null));
        assertThatThrownBy(() -> own.handle(claim("m2", null))).isInstanceOf(AlreadyDone.class);

        assertThat(effects).containsExactly("m1");
    }

    @Test
    void aFailureSurvivesAStoreThatFailsToo() {
        IdempotencyStore broken = new BrokenStore();
        Handler failing = Handler.idempotent(broken, claim -> {
            throw new IllegalStateException("the work failed");
        });

        assertThatThrownBy(() -> failing.handle(claim("m1", "k")))
                .hasMessage("the work failed")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    }

    private static final class BrokenStore implements IdempotencyStore {
        @Override
        public Answer begin(String key, String message, String holder) {
            return Answer.BEGUN;
        }

        @Override
        public void complete(String key, String holder) {
            throw new SourceException("the store is down", null);
        }

        @Override
        public void abandon(String key, String holder) {
            throw new SourceException("the store is down", null);
        }
    }

    private static Claim claim(String id, @Nullable String key) {
        byte[] body = "body".getBytes(StandardCharsets.UTF_8);
        return new Claim(new Message(id, key, body, Map.of(), null, null), 1, 1, 0, Claim.NO_EXPIRY, -1);
    }
}
