package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** How a message ends that nobody can work. */
interface DeadLetterRules {

    @Rule("What is given up is never claimed again, whether it is kept or not: scaling must end.")
    default void must_DEAD_1_whatIsGivenUpIsNeverClaimedAgain(Bench bench) {
        bench.send("hopeless");
        Pod pod = bench.pod();
        assertThat(pod.deadLetter(pod.claim(), "hopeless")).isEqualTo(APPLIED);

        pod.claimsNothing();
        bench.endLocksOf(pod);

        pod.claimsNothing();
        bench.pod().claimsNothing();
    }

    @Rule(
            value = "An operator finds what was given up after its last try: its body and the reason.",
            when = When.DEAD_LETTERS)
    default void may_DEAD_2_bodyAndReasonAreKept(Bench bench) {
        byte[] body = "precious \uD83D\uDC8E".getBytes(StandardCharsets.UTF_8);
        bench.harness.send(new Sending(body, java.util.Map.of(), null));
        Pod pod = bench.pod();
        assertThat(pod.retry(pod.claim())).isEqualTo(APPLIED);

        assertThat(pod.deadLetter(pod.claim(), "attempt 2 failed: no such account"))
                .isEqualTo(APPLIED);

        DeadMessage dead = onlyDeadMessage(bench);
        assertThat(dead.body()).isEqualTo(bench.harness.bodyOf(body));
        assertThat(dead.reason()).isEqualTo("attempt 2 failed: no such account");
    }

    @Rule(value = "Each message of a batch keeps its own reason.", when = When.DEAD_LETTERS)
    default void may_DEAD_3_eachOfABatchKeepsItsReason(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(2);

        assertThat(pod.settle(List.of(
                        new DeadLetter(claims.get(0), "first reason", null),
                        new DeadLetter(claims.get(1), "second reason", "a stack"))))
                .containsOnly(APPLIED);

        assertThat(bench.harness.deadLetters())
                .extracting(DeadMessage::reason)
                .containsExactlyInAnyOrder("first reason", "second reason");
    }

    @Rule(
            value = "Whatever the reason says, the message is kept, and the reason's beginning with it.",
            when = When.DEAD_LETTERS,
            lookAt = "column types and header limits: shorten and clean the text")
    default void may_DEAD_4_anyReasonGoesThrough(Bench bench) {
        bench.send("hopeless");
        Pod pod = bench.pod();

        assertThat(pod.deadLetter(pod.claim(), "it broke: " + "\u0000\uD800 \uD83D\uDCA5'\"\\\n".repeat(5_000)))
                .isEqualTo(APPLIED);

        assertThat(onlyDeadMessage(bench).reason()).startsWith("it broke: ");
    }

    @Rule(
            value = "A dead-letter that was done and not answered is APPLIED when repeated, and kept once.",
            when = When.DEAD_LETTERS,
            lookAt = "a copy sent to the dead before the original is settled")
    default void may_DEAD_5_aRepeatedDeadLetterIsKeptOnce(Bench bench) {
        bench.send("hopeless");
        Pod pod = bench.pod();
        Settlement settlement = new DeadLetter(pod.claim(), "hopeless", null);
        assertThat(pod.settle(settlement)).isEqualTo(APPLIED);

        assertThat(pod.settle(settlement.asRepeated())).isEqualTo(APPLIED);

        onlyDeadMessage(bench);
    }

    @Rule(value = "A source that keeps what was given up declares it.", when = When.NO_DEAD_LETTERS)
    default void may_DEAD_6_withoutDeadLettersNothingIsKept(Bench bench) {
        bench.send("hopeless");
        Pod pod = bench.pod();

        assertThat(pod.deadLetter(pod.claim(), "hopeless")).isEqualTo(APPLIED);

        assertThat(bench.harness.deadLetters()).isEmpty();
    }

    @Rule(
            value =
                    "A dead-letter whose answer got lost is kept when it is repeated; if there are two copies then, both have the message's idempotency key.",
            when = When.DEAD_LETTERS,
            lookAt = "a repeated dead-letter that is only completed, and a copy with an id of its own")
    default void may_DEAD_7_aDeadLetterWhoseAnswerGotLostIsKept(Bench bench) {
        bench.send("precious");
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        Settlement settlement = new DeadLetter(claim, "hopeless", null);
        bench.harness.mute(pod.source);
        Underway.call(() -> pod.source.settle(List.of(settlement), OutageRules.BOUND))
                .returns(bench.harness);
        bench.harness.mend(pod.source);

        AtomicReference<Verdict> verdict = new AtomicReference<>(UNKNOWN);
        bench.eventually(() -> {
            verdict.set(pod.settle(settlement.asRepeated()));
            assertThat(verdict.get()).isNotEqualTo(UNKNOWN);
        });
        bench.endLocksOf(pod);
        // What is lost comes again, though perhaps by a link that has to be opened first.
        Duration wait = verdict.get() == LOST ? bench.harness.patience() : bench.harness.quiet();
        for (Claim again : pod.claimOnce(1, wait)) {
            assertThat(pod.deadLetter(again, "hopeless")).isEqualTo(APPLIED);
        }

        bench.pod().claimsNothing();
        List<DeadMessage> dead = bench.harness.deadLetters();
        assertThat(dead).as("dead letters").hasSizeBetween(1, 2);
        if (dead.size() == 2) {
            assertThat(dead)
                    .extracting(DeadMessage::idempotencyKey)
                    .containsOnly(claim.message().idempotencyKey());
        }
    }

    @Rule(
            value =
                    "A message that no handler can be given is claimed with the reason, ends as any other, and holds up none behind it.",
            when = When.DEAD_LETTERS,
            lookAt = "a message that the source drops, keeps locked, or fails the whole claim for")
    default void may_DEAD_8_whatNoHandlerCanBeGivenIsClaimedWithTheReason(Bench bench) {
        String unusable = bench.harness.sendUnusable();
        String behind = bench.send("behind it");
        Pod pod = bench.pod();

        List<Claim> claims = pod.claim(2);

        assertThat(claims).extracting(Claim::id).containsExactlyInAnyOrder(unusable, behind);
        for (Claim claim : claims) {
            String reason = claim.unusable();
            if (claim.id().equals(behind)) {
                assertThat(reason).as("a message like any other").isNull();
                assertThat(pod.complete(claim)).isEqualTo(APPLIED);
            } else {
                assertThat(reason).as("why no handler can be given it").isNotBlank();
                assertThat(pod.renew(claim)).isEqualTo(APPLIED);
                assertThat(pod.deadLetter(claim, String.valueOf(reason))).isEqualTo(APPLIED);
                assertThat(onlyDeadMessage(bench).reason()).isEqualTo(reason);
            }
        }
    }

    private static DeadMessage onlyDeadMessage(Bench bench) {
        List<DeadMessage> dead = bench.harness.deadLetters();
        assertThat(dead).as("dead letters").hasSize(1);
        return dead.get(0);
    }
}
