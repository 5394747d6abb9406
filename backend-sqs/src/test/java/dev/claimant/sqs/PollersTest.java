package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many requests for messages are under way. */
class PollersTest {

    private static final int MOST = 3;
    private static final long NEVER = TimeUnit.MINUTES.toNanos(10);

    private final Pollers pollers = new Pollers(MOST);

    /** How many may poll beside those who do: they enter at once, or not at all. */
    private int mayEnter() throws InterruptedException {
        int entered = 0;
        while (pollers.enter(System.nanoTime())) {
            entered++;
        }
        return entered;
    }

    private void comesBack(int asked, int brought) throws InterruptedException {
        assertThat(mayEnter()).isPositive();
        pollers.leave(asked, brought);
    }

    @Test
    void oneAsksWhileNothingIsKnown() throws InterruptedException {
        assertThat(mayEnter()).isEqualTo(1);
    }

    @Test
    void eachFullAnswerAllowsOneMoreUpToTheMost() throws InterruptedException {
        comesBack(10, 10);
        assertThat(mayEnter()).isEqualTo(2);
        pollers.leave(10, 10);
        assertThat(mayEnter()).isEqualTo(2);
        pollers.leave(10, 10);
        assertThat(mayEnter()).as("three are the most").isEqualTo(1);
    }

    @Test
    void anAnswerThatWasNotFullTakesOneAwayAndAnEmptyOneAllButOne() throws InterruptedException {
        comesBack(10, 10);
        comesBack(10, 10);
        assertThat(mayEnter()).isEqualTo(MOST - 1);
        pollers.leave(10, 7);
        assertThat(mayEnter()).as("two are allowed, and ask").isZero();
        pollers.leave(10, 0);
        assertThat(mayEnter()).as("one is allowed, and asks").isZero();
        pollers.leave(10, 0);
        assertThat(mayEnter()).isEqualTo(1);
    }

    @Test
    void whoDoesNotWaitNeedsNoTurn() throws InterruptedException {
        assertThat(mayEnter()).isEqualTo(1);

        assertThat(pollers.enterAtOnce()).isTrue();
    }

    @Test
    void aStopSendsAwayWhoWaitsAndLetsNobodyIn() throws Exception {
        assertThat(mayEnter()).isEqualTo(1);
        CompletableFuture<Boolean> waiting = new CompletableFuture<>();
        Thread waits = new Thread(() -> {
            try {
                waiting.complete(pollers.enter(System.nanoTime() + NEVER));
            } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        waits.start();

        pollers.stop();

        assertThat(waiting.get(1, TimeUnit.MINUTES)).isFalse();
        assertThat(pollers.enterAtOnce()).isFalse();
    }

    @Test
    void theEndIsAwaitedUntilTheLastHasLeft() throws InterruptedException {
        assertThat(mayEnter()).isEqualTo(1);
        pollers.stop();
        Thread waits = new Thread(() -> pollers.awaitNone(NEVER));
        waits.start();
        await().until(() -> waits.getState() == Thread.State.TIMED_WAITING);

        pollers.leave(10, 0);

        waits.join();
    }
}
