package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import dev.claimant.contract.Sending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** What becomes of messages that come while a worker stops. */
class StopTest {

    private static final int STOPS = 200;
    private static final Duration LOCK = Duration.ofSeconds(60);

    private final TestQueue queue = new TestQueue(TestServer.main(), false);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Random random = new Random(7);

    @AfterEach
    void end() {
        threads.shutdownNow();
        queue.close();
    }

    private String send() {
        return queue.send(new Sending("in between".getBytes(StandardCharsets.UTF_8), Map.of(), null));
    }

    private SqsSource source() {
        SqsSource source =
                SqsSource.of(Rig.settings(TestServer.main().endpoint().toString(), queue.url())
                        .lockLength(LOCK)
                        .build());
        source.open(Rig.PLAN, new Heard());
        return source;
    }

    /** Each in the middle of a poll into which a message may fall. */
    @Test
    void twoHundredStopsLeaveNothingInvisible() throws InterruptedException, ExecutionException {
        List<Future<?>> closing = new ArrayList<>();
        int completed = 0;
        for (int i = 0; i < STOPS; i++) {
            SqsSource source = source();
            Future<List<Claim>> claim = threads.submit(() -> source.claim(10, Duration.ofMinutes(1)));
            Future<String> sending = threads.submit(this::send);
            LockSupport.parkNanos(random.nextInt(8_000_000));
            source.stopClaiming();
            List<Settlement> ends = claim.get().stream()
                    .map(Complete::new)
                    .map(Settlement.class::cast)
                    .toList();
            assertThat(source.settle(ends, Rig.PATIENCE)).allMatch(Verdict.APPLIED::equals);
            completed += ends.size();
            sending.get();
            closing.add(threads.submit(source::close));
        }
        for (Future<?> close : closing) {
            close.get();
        }

        int left = STOPS - completed;
        await().atMost(LOCK.dividedBy(2)).untilAsserted(() -> {
            assertThat(queue.scaler(false, false)).as("visible").isEqualTo(left);
            assertThat(queue.scaler(true, false)).as("visible and not").isEqualTo(left);
        });
    }

    @Test
    void aStopDoesNotWaitForThePollAndACloseDoes() throws InterruptedException, ExecutionException {
        SqsSource source = source();
        Future<List<Claim>> claim = threads.submit(() -> source.claim(10, Duration.ofMinutes(1)));
        await().until(() -> TestServer.main() != null && !claim.isDone());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));

        long stoppedAt = System.nanoTime();
        source.stopClaiming();
        assertThat(claim.get()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - stoppedAt)).isLessThan(Duration.ofMillis(500));
        String id = send();
        source.close();

        assertThat(queue.receive(queue.url(), 10))
                .extracting(message -> message.messageId())
                .containsExactly(id);
    }

    @Test
    void anInterruptedClaimGivesBackWhatItsPollBrings() throws InterruptedException {
        SqsSource source = source();
        Thread claiming = new Thread(() -> {
            try {
                source.claim(10, Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                // as it should be
            }
        });
        claiming.start();
        await().until(() ->
                claiming.getState() == Thread.State.WAITING || claiming.getState() == Thread.State.TIMED_WAITING);
        claiming.interrupt();
        claiming.join();

        String id = send();
        source.close();

        assertThat(queue.receive(queue.url(), 10))
                .extracting(message -> message.messageId())
                .containsExactly(id);
    }

    /** Why all this: a server hands messages to a connection that is gone. */
    @Test
    void aPollThatIsCutOffTakesAMessageFromEverybody() {
        CompletableFuture<ReceiveMessageResponse> poll = queue.client()
                .receiveMessage(request ->
                        request.queueUrl(queue.url()).waitTimeSeconds(10).visibilityTimeout(30));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        poll.cancel(true);

        send();

        assertThat(queue.receive(queue.url(), 1)).isEmpty();
        assertThat(queue.scaler(true, false)).isEqualTo(1);
    }
}
