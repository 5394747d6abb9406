package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Kind;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Capabilities;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread of one kind of settlements: it must be there whenever something can be sent, whatever it waited for. */
@Timeout(60)
class SettleThreadsTest {

    private static final Capabilities CAPABILITIES = InMemoryQueue.allCapabilities();
    private static final Duration GATHERING = CAPABILITIES.settlementLinger();
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final VirtualClock clock = new VirtualClock();
    private final EngineContext context = new EngineContext(clock, new InMemorySource(new InMemoryQueue()), List.of());
    private final ReentrantLock lock = context.lock;
    private final Slots slots = new Slots(context, 4);
    private final SettleQueue queue = new SettleQueue(context, new SplittableRandom(1), CAPABILITIES, slots::areBusy);
    private final BlockingQueue<List<Execution>> sent = new LinkedBlockingQueue<>();
    private final Thread settler = new Thread(this::work);

    @AfterEach
    void end() throws InterruptedException {
        context.locked(queue::close);
        settler.join(SECONDS.toMillis(20));
        assertThat(settler.isAlive()).isFalse();
    }

    @Test
    void aSettlementThatComesWhileOthersGatherIsSentThoughItsThreadHadNothingToGather() throws InterruptedException {
        settleOne();
        awaitIdle();
        context.locked(slots::addWaiting); // somebody else's handler goes on for hours
        context.locked(this::addOne);
        clock.advance(GATHERING);
        assertThat(sent.poll(20, SECONDS)).hasSize(1);
    }

    @Test
    void aSettlementThatComesWhileItsKindPausesForAnotherThreadsCallIsSent() throws InterruptedException {
        settleOne();
        awaitIdle();
        context.locked(() -> queue.answered(Kind.COMPLETE, true)); // of a claim that was endangered
        context.locked(this::addOne);
        clock.advance(LONGEST_PAUSE);
        assertThat(sent.poll(20, SECONDS)).hasSize(1);
    }

    @Test
    void aRestThatIsOverBetweenTwoLooksIsOver() throws InterruptedException {
        context.locked(() -> {
            slots.addWaiting();
            addOne();
            queue.answered(Kind.COMPLETE, false);
            clock.moveWithEachLook(GATHERING);
        });
        assertThat(sent.poll(20, SECONDS)).hasSize(1);
    }

    /** One that is sent and answered, with nothing else to do. */
    private void settleOne() throws InterruptedException {
        context.locked(this::addOne);
        assertThat(sent.poll(20, SECONDS)).hasSize(1);
    }

    private void addOne() {
        Claim claim = new Claim(Message.of("m", ""), 1, 1, 0, Claim.NO_EXPIRY, -1);
        queue.add(new Execution(claim), new Complete(claim));
    }

    private void awaitIdle() {
        while (settler.getState() != Thread.State.WAITING || lock.hasQueuedThread(settler)) {
            Thread.onSpinWait();
        }
    }

    @BeforeEach
    void startSettler() {
        settler.start();
    }

    private void work() {
        try {
            for (List<Execution> batch = queue.await(Kind.COMPLETE);
                    !batch.isEmpty();
                    batch = queue.await(Kind.COMPLETE)) {
                context.locked(() -> queue.answered(Kind.COMPLETE, false));
                sent.add(batch);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
