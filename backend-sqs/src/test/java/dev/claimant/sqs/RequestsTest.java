package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Handler;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.contract.Sending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message costs, in the requests that reach the server. */
class RequestsTest {

    private static final int MESSAGES = 3_000;

    /**
     * A tenth of a request each is the least: SQS takes ten in one. The figures of {@code docs/sqs.md} are those that this prints.
     */
    @ParameterizedTest
    @NullSource
    @ValueSource(ints = {0, 40})
    void underFullLoadTenMessagesShareARequest(@Nullable Integer prefetch) {
        Requests requests = workOff(MESSAGES, prefetch, claim -> {});

        System.out.println(
                "SQS, full load, prefetch " + (prefetch == null ? "by default" : prefetch) + ": " + requests);
        assertThat(requests.claims()).isBetween(0.1, 0.21);
        assertThat(requests.completions()).isBetween(0.1, 0.21);
    }

    /** A completion waits for others as long as the source says; so there are no more calls than fit into the time that all took. */
    @Test
    void atAHundredMessagesInASecondTenCompletionsShareARequest() {
        Random random = new Random(7);
        Requests requests = workOff(300, null, claim -> Thread.sleep(100 + random.nextInt(200)));

        System.out.println("SQS, 100 messages a second: " + requests);
        double calls = requests.took().toMillis() / 90.0 / 300;
        assertThat(requests.completions()).isBetween(0.1, 0.1 + calls);
    }

    /** What an idle worker costs: one request after the other, each as long as it may be, whatever its slots. */
    @Test
    void anIdleWorkerHasOneRequestUnderWay() {
        try (TestQueue queue = new TestQueue(TestServer.main(), false);
                ScriptedSqs between = new ScriptedSqs(TestServer.main().endpoint());
                SqsSource source = SqsSource.of(
                        Rig.settings(between.endpoint(), queue.url()).build());
                Worker worker =
                        Worker.builder(source).slots(50).handler(claim -> {}).build()) {
            worker.start();
            await().atMost(Rig.PATIENCE).until(() -> count(between.actions, "ReceiveMessage") >= 4);

            assertThat(between.mostAtOnce()).isEqualTo(1);
        }
    }

    /** For one message, at the server. */
    private record Requests(double claims, double completions, Duration took) {}

    private static Requests workOff(int messages, @Nullable Integer prefetch, Handler handler) {
        try (TestQueue queue = new TestQueue(TestServer.main(), false);
                ScriptedSqs between = new ScriptedSqs(TestServer.main().endpoint());
                SqsSource source = SqsSource.of(
                        Rig.settings(between.endpoint(), queue.url()).build())) {
            queue.sendAll(Collections.nCopies(messages, hello()));
            AtomicInteger handled = new AtomicInteger();
            long began = System.nanoTime();
            WorkerBuilder builder = Worker.builder(source).slots(20).handler(claim -> {
                handler.handle(claim);
                handled.incrementAndGet();
            });
            if (prefetch != null) {
                builder.prefetch(prefetch);
            }
            try (Worker worker = builder.build()) {
                worker.start();
                await().atMost(Duration.ofMinutes(5)).until(() -> handled.get() >= messages);
            }
            assertThat(handled).hasValue(messages);
            return new Requests(
                    count(between.actions, "ReceiveMessage") / (double) messages,
                    count(between.actions, "DeleteMessageBatch") / (double) messages,
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private static Sending hello() {
        return new Sending("hello".getBytes(StandardCharsets.UTF_8), Map.of(), null);
    }

    private static long count(List<String> actions, String action) {
        return actions.stream().filter(action::equals).count();
    }
}
