package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.Sending;
import dev.claimant.sqs.ScriptedSqs.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that are given up, and their way back. */
class DeadLetterTest {

    private Rig rig = new Rig();

    @AfterEach
    void end() {
        rig.close();
    }

    private void use(TestQueue queue) {
        rig.close();
        rig = new Rig(queue, settings -> settings);
    }

    private DeadLetters letters() {
        return new DeadLetters(rig.settings(rig.queue.url()).build());
    }

    private Verdict giveUp(SqsClaim claim) {
        return rig.settle(new DeadLetter(claim, "no such account", "a stack"));
    }

    @Test
    void anOperatorFindsReasonErrorAttemptsAndBody() {
        String id = rig.send("precious");

        assertThat(giveUp(rig.claim())).isEqualTo(Verdict.APPLIED);

        try (DeadLetters letters = letters()) {
            DeadLetters.DeadLetter letter = letters.list(10).get(0);
            assertThat(letter.originalId()).isEqualTo(id);
            assertThat(letter.idempotencyKey()).isEqualTo(id);
            assertThat(letter.reason()).isEqualTo("no such account");
            assertThat(letter.error()).isEqualTo("a stack");
            assertThat(letter.attempts()).isEqualTo(1);
            assertThat(letter.body()).isEqualTo("precious".getBytes(StandardCharsets.UTF_8));
            assertThat(letters.list(10)).as("still there").hasSize(1);
        }
    }

    @Test
    void aRedrivenMessageIsAsItWasAndKeepsItsIdempotencyKey() {
        Map<String, String> headers = new HashMap<>(Map.of("empty", ""));
        for (int i = 0; i < 10; i++) {
            headers.put("header-" + i, "value");
        }
        byte[] body = {0, (byte) 0xff};
        String id = rig.queue.send(new Sending(body, headers, null));
        giveUp(rig.claim());

        try (DeadLetters letters = letters()) {
            assertThat(letters.redrive(List.of("another"))).isZero();
            assertThat(letters.redriveAll()).isEqualTo(1);
            assertThat(letters.list(10)).isEmpty();
        }

        SqsClaim again = rig.claim();
        assertThat(again.message().idempotencyKey()).isEqualTo(id);
        assertThat(again.message().body()).isEqualTo(body);
        assertThat(again.message().headers()).isEqualTo(headers);
        assertThat(again.attempt()).isEqualTo(1);
    }

    @Test
    void someAreRedrivenAndSomePurged() {
        rig.send("one");
        rig.send("two");
        rig.send("three");
        rig.claim(3).forEach(this::giveUp);

        try (DeadLetters letters = letters()) {
            List<String> ids =
                    letters.list(10).stream().map(DeadLetters.DeadLetter::id).toList();
            assertThat(letters.redrive(ids.subList(0, 1))).isEqualTo(1);
            assertThat(letters.purge(ids.subList(1, 2))).isEqualTo(1);
            assertThat(letters.list(10)).extracting(DeadLetters.DeadLetter::id).containsExactly(ids.get(2));
        }
        assertThat(rig.claim()).isNotNull();
    }

    /** The policy moves it when it is received once too often; nothing is lost meanwhile. */
    @Test
    void withoutTheRightToSendTheRedrivePolicyTakesTheMessage() {
        use(new TestQueue(TestServer.main(), false, 21));
        rig.send("precious");
        rig.between.script(
                "SendMessage", Answer.error(403, "AccessDenied", "not authorized to perform: sqs:sendmessage"));

        for (int i = 1; i <= 21; i++) {
            SqsClaim claim = rig.claim();
            assertThat(claim.attempt()).isEqualTo(i);
            assertThat(giveUp(claim)).isEqualTo(Verdict.APPLIED);
        }

        assertThat(rig.claimOnce(1, java.time.Duration.ZERO)).isEmpty();
        assertThat(rig.queue.deadLetters())
                .singleElement()
                .satisfies(dead -> assertThat(dead.body()).isEqualTo("precious".getBytes(StandardCharsets.UTF_8)));
        try (DeadLetters letters = letters()) {
            rig.between.unscript();
            assertThat(letters.redriveAll()).isEqualTo(1);
        }
        assertThat(rig.claim().message().idempotencyKey()).isNotNull();
    }

    @Test
    void withoutTheRightToSendAndWithoutAPolicyNothingIsLost() {
        rig.close();
        TestQueue queue = new TestQueue(TestServer.main(), false, 0);
        rig = new Rig(queue, settings -> settings.deadLetterQueue(queue.deadUrl()));
        rig.send("precious");
        SqsClaim claim = rig.claim();
        rig.between.script("SendMessage", Answer.error(403, "AccessDenied", "not authorized"));

        assertThatThrownBy(() -> giveUp(claim))
                .isInstanceOf(SourceException.class)
                .hasMessageContainingAll("sqs:SendMessage", queue.deadUrl());

        rig.between.unscript();
        assertThat(rig.settle(new DeadLetter(claim, "no such account", null).asRepeated()))
                .isEqualTo(Verdict.APPLIED);
        assertThat(queue.deadLetters()).hasSize(1);
    }

    @Test
    void anErrorThatIsTooLongForTheQueueIsLeftOut() {
        byte[] body = "x".repeat(QueueFacts.LARGEST - 3_000).getBytes(StandardCharsets.UTF_8);
        rig.queue.send(new Sending(body, Map.of(), null));

        assertThat(rig.settle(new DeadLetter(rig.claim(), "no such account", "y".repeat(8_000))))
                .isEqualTo(Verdict.APPLIED);

        try (DeadLetters letters = letters()) {
            assertThat(letters.list(1)).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo("no such account");
                assertThat(letter.error()).isNull();
            });
        }
    }

    @Test
    void aCopyThatWasMadeIsNotMadeAgain() {
        rig.send("given up");
        SqsClaim claim = rig.claim();
        rig.between.script("DeleteMessageBatch", Answer.error(500, "InternalFailure", "try again"));
        DeadLetter dead = new DeadLetter(claim, "no such account", null);
        assertThat(rig.settle(dead)).isEqualTo(Verdict.UNKNOWN);
        rig.between.unscript();

        assertThat(rig.settle(dead.asRepeated())).isEqualTo(Verdict.APPLIED);

        assertThat(rig.queue.deadLetters()).hasSize(1);
    }

    /** It was made, and its answer came too late: the next one has the message's id, by which a FIFO queue drops it. */
    @Test
    void aCopyWhoseAnswerIsMissingIsKeptOnceByAFifoQueue() {
        use(new TestQueue(TestServer.main(), true));
        try (SqsSource source = SqsSource.of(rig.settings(rig.queue.url())
                .requestTimeout(Duration.ofSeconds(5))
                .build())) {
            source.open(Rig.PLAN, rig.heard);
            rig.send("given up");
            CompletableFuture<Void> late = new CompletableFuture<>();
            rig.between.hold("SendMessage", late);
            DeadLetter dead = new DeadLetter(claim(source), "no such account", null);
            assertThat(source.settle(List.of(dead), Rig.PATIENCE)).containsExactly(Verdict.UNKNOWN);
            late.complete(null);

            assertThat(source.settle(List.of(dead.asRepeated()), Rig.PATIENCE)).containsExactly(Verdict.APPLIED);

            assertThat(rig.queue.deadLetters()).hasSize(1);
        }
    }

    private static Claim claim(SqsSource source) {
        try {
            return source.claim(1, Rig.PATIENCE).get(0);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withoutDeadLettersThereIsNothingToList() {
        use(new TestQueue(TestServer.main(), false, 0));

        try (DeadLetters letters = letters()) {
            assertThatThrownBy(() -> letters.list(1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("deadLetterQueue");
        }
    }
}
