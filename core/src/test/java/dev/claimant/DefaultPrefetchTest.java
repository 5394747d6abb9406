package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How far ahead a worker claims that was not told. */
class DefaultPrefetchTest {

    private static final int SLOTS = 10;
    private static final Duration NOTHING = Duration.ZERO;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Rig rig = Rig.configured(settings -> settings.slots = SLOTS);
    private final Deque<Execution> running = new ArrayDeque<>();

    @Test
    void aNewWorkerClaimsNoMoreThanItHasSlots() {
        send(5_000);
        fillSlots();
        assertThat(rig.asked.demands).containsExactly(SLOTS);
        assertThat(rig.waiting()).isEmpty();
    }

    @Test
    void noMoreWaitThanHandlersHaveReturned() {
        send(5_000);
        for (int returned = 1; returned <= 100; returned++) {
            handleOne(NOTHING);
            assertThat(rig.waiting()).hasSizeLessThanOrEqualTo(returned);
        }
    }

    @Test
    void handlersThatTakeNoTimeLetAWorkerClaimManyAtOnce() {
        send(9_000);
        for (int i = 0; i < 5_000; i++) {
            handleOne(NOTHING);
        }
        int calls = rig.asked.demands.size();
        assertThat(rig.asked.demands.get(calls - 1)).isGreaterThan(Settings.MOST_AHEAD / 2);
        assertThat(calls).as("calls for 5,000 messages").isLessThan(30);
    }

    @Test
    void handlersOfAFewMillisecondsLetATenthOfASecondsWorkWait() {
        send(5_000);
        for (int i = 0; i < 200; i++) {
            handleOne(Duration.ofMillis(8).dividedBy(SLOTS));
        }
        assertThat(rig.waiting())
                .as("8.4 ms each at most: eleven for each slot")
                .hasSizeBetween(5 * SLOTS, 11 * SLOTS);
    }

    @Test
    void handlersOfASecondLetNothingWait() {
        send(5_000);
        for (int i = 0; i < 100; i++) {
            handleOne(SECOND);
            assertThat(rig.waiting()).isEmpty();
        }
    }

    @Test
    void whatWaitsGoesBackUntriedWhenHandlersBecomeSlow() {
        send(9_000);
        for (int i = 0; i < 3_000; i++) {
            handleOne(NOTHING);
        }
        assertThat(rig.waiting()).hasSizeGreaterThan(1_000);
        for (int i = 0; i < 60; i++) {
            handleOne(SECOND);
        }
        assertThat(rig.waiting()).isEmpty();
        assertThat(rig.heard.settled).contains("Release m3100 APPLIED");
        assertThat(rig.stats().held()).isLessThanOrEqualTo(SLOTS);
    }

    /** One in twenty-five of ten seconds: a message ahead would wait for half a minute, though another worker has nothing to do. */
    @Test
    void aFewHandlersThatTakeVeryLongLetNothingWait() {
        send(9_000);
        for (int i = 0; i < 3_000; i++) {
            handleOne(i % 25 == 24 ? Duration.ofSeconds(10) : NOTHING);
        }
        assertThat(rig.waiting()).isEmpty();
    }

    @Test
    void theFirstSlowHandlersSendBackWhatWaits() {
        send(9_000);
        for (int i = 0; i < 3_000; i++) {
            handleOne(NOTHING);
        }
        fillSlots();
        rig.advance(Duration.ofSeconds(9));
        for (int i = 0; i < SLOTS; i++) {
            finishOne();
        }
        assertThat(rig.waiting()).hasSizeLessThanOrEqualTo(2 * 2 * SLOTS);
    }

    @Test
    void messagesThatAreLargeLetFewWait() {
        byte[] large = new byte[1 << 20];
        for (int i = 0; i < 3_000; i++) {
            rig.queue.send(new Message("m" + i, null, large, Map.of(), null, null));
        }
        for (int i = 0; i < 2_000; i++) {
            handleOne(NOTHING);
        }
        long heap = Runtime.getRuntime().maxMemory();
        assertThat((long) rig.waiting().size() * large.length).isLessThanOrEqualTo(heap / 16 + heap / 100);
    }

    @Test
    void tenWorkersShareMessagesOfASecondEvenly() {
        send(1_000);
        List<Rig> workers = new ArrayList<>(List.of(rig));
        while (workers.size() < 10) {
            workers.add(rig.another(settings -> settings.slots = SLOTS));
        }
        for (int second = 1; second <= 10; second++) {
            List<Execution> all = new ArrayList<>();
            for (Rig worker : workers) {
                worker.claim();
                for (Execution next = worker.startIfAny(); next != null; next = worker.startIfAny()) {
                    all.add(next);
                }
                assertThat(all).hasSize(SLOTS * (workers.indexOf(worker) + 1));
            }
            rig.advance(SECOND);
            for (int i = 0; i < all.size(); i++) {
                workers.get(i / SLOTS).succeed(all.get(i));
            }
            workers.forEach(Rig::settle);
        }
        assertThat(rig.queue.backlog().scaler()).isZero();
    }

    private void send(int messages) {
        for (int i = 0; i < messages; i++) {
            rig.send("m" + i);
        }
    }

    private void handleOne(Duration time) {
        fillSlots();
        rig.advance(time);
        rig.renew();
        finishOne();
    }

    private void finishOne() {
        rig.succeed(running.remove());
        rig.settle();
    }

    private void fillSlots() {
        rig.claim();
        for (Execution next = rig.startIfAny(); next != null; next = rig.startIfAny()) {
            running.add(next);
            rig.claim();
        }
    }
}
