package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Worker;
import dev.claimant.contract.Sending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message costs, in the requests that reach the server. */
class RequestsTest {

    private static final int MESSAGES = 1_000;

    /**
     * A tenth of a request each is the least: SQS takes ten in one. The figures of {@code docs/sqs.md} are those that this prints.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 40})
    void manyMessagesShareARequest(int prefetch) {
        try (TestQueue queue = new TestQueue(TestServer.main(), false);
                ScriptedSqs between = new ScriptedSqs(TestServer.main().endpoint());
                SqsSource source = SqsSource.of(
                        Rig.settings(between.endpoint(), queue.url()).build())) {
            queue.sendAll(Collections.nCopies(MESSAGES, hello()));
            AtomicInteger handled = new AtomicInteger();
            try (Worker worker = Worker.builder(source)
                    .slots(20)
                    .prefetch(prefetch)
                    .handler(claim -> handled.incrementAndGet())
                    .build()) {
                worker.start();
                await().atMost(Duration.ofMinutes(5)).until(() -> handled.get() >= MESSAGES);
            }

            double claims = count(between.actions, "ReceiveMessage") / (double) MESSAGES;
            double completions = count(between.actions, "DeleteMessageBatch") / (double) MESSAGES;
            System.out.println("SQS, prefetch " + prefetch + ": " + claims + " requests to claim a message, "
                    + completions + " to complete it");
            assertThat(handled).hasValue(MESSAGES);
            assertThat(claims).isBetween(0.1, 0.21);
            assertThat(completions).isBetween(0.1, 0.21);
        }
    }

    private static Sending hello() {
        return new Sending("hello".getBytes(StandardCharsets.UTF_8), Map.of(), null);
    }

    private static long count(List<String> actions, String action) {
        return actions.stream().filter(action::equals).count();
    }
}
