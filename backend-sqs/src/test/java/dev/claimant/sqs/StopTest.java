package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.Sending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** What becomes of messages that come while a worker stops. */
class StopTest {

    private static final int STOPS = 200;
    private static final int CLAIMERS = 3;
    private static final int AT_ONCE = 20;
    private static final Duration LOCK = Duration.ofSeconds(60);

    private final TestQueue queue = new TestQueue(TestServer.main(), false);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Random random = new Random(7);

    @AfterEach
    void end() {
        threads.shutdownNow();
        queue.close();
    }

    private SqsSource source() {
        return source(TestServer.main().endpoint().toString());
    }

    private SqsSource source(String endpoint) {
        SqsSource source = SqsSource.of(
                Rig.settings(endpoint, queue.url()).lockLength(LOCK).build());
        source.open(Rig.PLAN, new Heard());
        return source;
    }

    /** Several of each source's polls are under way while messages come all the time. */
    @Test
    void twoHundredStopsUnderLoadLeaveNothingInvisible() throws InterruptedException, ExecutionException {
        AtomicBoolean last = new AtomicBoolean();
        Future<Integer> sent = threads.submit(() -> sendUntil(last));
        AtomicInteger completed = new AtomicInteger();
        List<Future<?>> closing = new ArrayList<>();
        for (int i = 0; i < STOPS; i++) {
            SqsSource source = source();
            List<Future<?>> claiming = new ArrayList<>();
            for (int claimer = 0; claimer < CLAIMERS; claimer++) {
                claiming.add(threads.submit(() -> completeAll(source, completed)));
            }
            LockSupport.parkNanos(random.nextInt(30_000_000));
            source.stopClaiming();
            closing.add(threads.submit(() -> close(source, claiming)));
        }
        for (Future<?> close : closing) {
            close.get();
        }
        last.set(true);

        int left = sent.get() - completed.get();
        System.out.printf("200 stops: %d messages, %d of them left for others%n", sent.get(), left);
        await().atMost(LOCK.dividedBy(2)).untilAsserted(() -> {
            assertThat(queue.scaler(false, false)).as("visible").isEqualTo(left);
            assertThat(queue.scaler(true, false)).as("visible and not").isEqualTo(left);
        });
    }

    /** Returns how many. */
    private int sendUntil(AtomicBoolean last) {
        int sent = 0;
        while (!last.get()) {
            queue.sendAll(Collections.nCopies(AT_ONCE, new Sending(new byte[] {'x'}, Map.of(), null)));
            sent += AT_ONCE;
        }
        return sent;
    }

    /** As a worker does until it stops. */
    private static Void completeAll(SqsSource source, AtomicInteger completed) throws InterruptedException {
        for (List<Claim> claims = claim(source); !claims.isEmpty(); claims = claim(source)) {
            List<Settlement> ends = claims.stream()
                    .map(Complete::new)
                    .map(Settlement.class::cast)
                    .toList();
            assertThat(source.settle(ends, Rig.PATIENCE)).allMatch(Verdict.APPLIED::equals);
            completed.addAndGet(ends.size());
        }
        return null;
    }

    private static List<Claim> claim(SqsSource source) throws InterruptedException {
        return source.claim(10, Duration.ofMinutes(1));
    }

    private static Void close(SqsSource source, List<Future<?>> claiming)
            throws ExecutionException, InterruptedException {
        for (Future<?> claim : claiming) {
            claim.get();
        }
        source.close();
        return null;
    }

    /** SQS has handed its messages out: for a whole lock nobody else would see them. */
    @Test
    void anAnswerThatComesTooLateIsGivenBack() {
        CompletableFuture<Void> late = new CompletableFuture<>();
        try (ScriptedSqs between = new ScriptedSqs(TestServer.main().endpoint());
                SqsSource source = SqsSource.of(Rig.settings(between.endpoint(), queue.url())
                        .requestTimeout(Duration.ofSeconds(4))
                        .build())) {
            source.open(Rig.PLAN, new Heard());
            queue.send("slow");
            between.hold("ReceiveMessage", late);
            assertThatThrownBy(() -> source.claim(10, Rig.PATIENCE))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("no answer");

            late.complete(null);

            await().atMost(LOCK.dividedBy(2)).until(() -> queue.scaler(false, false) == 1);
        }
    }

    @Test
    void aStopDoesNotWaitForThePollAndACloseDoes() throws InterruptedException, ExecutionException {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        try (ScriptedSqs between = new ScriptedSqs(TestServer.main().endpoint())) {
            SqsSource source = source(between.endpoint());
            String id = queue.send("in between");
            between.hold("ReceiveMessage", answered);
            Future<List<Claim>> claim = threads.submit(() -> claim(source));
            await().until(() -> queue.scaler(false, false) == 0);

            source.stopClaiming();
            assertThat(claim.get()).isEmpty();
            Future<?> closing = threads.submit(source::close);
            answered.complete(null);
            closing.get();

            assertThat(queue.receive(queue.url(), 10))
                    .extracting(message -> message.messageId())
                    .containsExactly(id);
        }
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

        String id = queue.send("in between");
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

        queue.send("in between");

        assertThat(queue.receive(queue.url(), 1)).isEmpty();
        assertThat(queue.scaler(true, false)).isEqualTo(1);
    }
}
