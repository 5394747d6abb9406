package dev.claimant.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What a claim gives, how much of it, and when it returns. */
interface ClaimRules {

    @Rule("A claim carries the message's id and body, and the facts of a first try.")
    default void must_CLAIM_1_aMessageIsClaimedAsItWasSent(Bench bench) {
        Sending sent = Sending.of("Grüße, 世界 \uD83D\uDC4F\n");
        String id = bench.harness.send(sent);

        Claim claim = bench.pod().claim();

        assertThat(claim.id()).isEqualTo(id);
        assertThat(claim.message().body()).isEqualTo(bench.harness.bodyOf(sent.body()));
        assertThat(claim.attempt()).as("attempt").isEqualTo(1);
        assertThat(claim.delivery()).as("delivery").isEqualTo(1);
        assertThat(claim.expiredLocks()).as("expired locks").isZero();
        assertThat(claim.lockLost()).as("lock lost").isFalse();
    }

    @Rule(
            value = "A body of no bytes stays a body of no bytes.",
            lookAt = "how the client maps an empty payload: null, absent, or refused")
    default void must_CLAIM_2_anEmptyBodyStaysEmpty(Bench bench) {
        byte[] empty = new byte[0];
        bench.harness.send(new Sending(empty, Map.of(), null));

        assertThat(bench.pod().claim().message().body()).isEqualTo(bench.harness.bodyOf(empty));
    }

    @Rule(
            value = "A body is bytes, not text: large and not UTF-8, it comes back to the byte.",
            lookAt = "conversions to String, and limits of the client's frames and buffers")
    default void must_CLAIM_3_aLargeBinaryBodyComesBackToTheByte(Bench bench) {
        byte[] body = new byte[190_000];
        new Random(1).nextBytes(body);
        bench.harness.send(new Sending(body, Map.of(), null));

        assertThat(bench.pod().claim().message().body()).isEqualTo(bench.harness.bodyOf(body));
    }

    @Rule(
            value = "Headers are text: whatever characters they hold, and empty ones too, come back as they were sent.",
            lookAt = "the broker's limits for names, and its idea of an empty value")
    default void must_CLAIM_4_headersComeBackAsTheyWereSent(Bench bench) {
        if (!bench.harness.hasHeaders()) {
            throw new NotApplicable("its messages have no headers");
        }
        Map<String, String> headers = Map.of(
                "plain", "value",
                "empty", "",
                "with.dots-and_more", "a\"b'c\\d, {e}; 100 %",
                "unicode", "naïve Ω 漢字 \uD83D\uDE00",
                "long", "x".repeat(2_000));
        bench.harness.send(new Sending("with headers".getBytes(StandardCharsets.UTF_8), headers, null));

        assertThat(bench.pod().claim().message().headers()).containsAllEntriesOf(headers);
    }

    @Rule("A claim gives no more messages than its demand, since core has room for just so many.")
    default void must_CLAIM_5_neverMoreThanTheDemand(Bench bench) {
        bench.send(5);

        assertThat(bench.pod().claimOnce(2, bench.harness.patience())).hasSizeBetween(1, 2);
    }

    @Rule(
            value = "What the demand did not cover is there for other workers, not kept back by the source.",
            when = When.SHARED,
            lookAt = "prefetch: what was taken from the broker and not returned counts against the demand")
    default void may_CLAIM_6_whatTheDemandDidNotCoverStaysForOthers(Bench bench) {
        bench.send(5);
        Pod modest = bench.pod();
        Pod other = bench.pod();

        List<Claim> first = modest.claim(2);
        List<Claim> rest = other.claim(3);

        assertThat(idsOf(first)).doesNotContainAnyElementsOf(idsOf(rest));
    }

    @Rule("No message is given to two workers, nor twice to one.")
    default void must_CLAIM_7_noMessageIsGivenTwice(Bench bench) {
        List<String> ids = bench.send(5);
        Pod one = bench.pod();
        Pod two = bench.pod();

        Set<String> claimed = new HashSet<>();
        for (Claim claim : one.claimOnce(3, bench.harness.patience())) {
            assertThat(claimed.add(claim.id())).isTrue();
        }
        long giveUp = System.nanoTime() + bench.harness.patience().toNanos();
        while (claimed.size() < ids.size() && System.nanoTime() < giveUp) {
            for (Pod pod : List.of(two, one)) {
                pod.claimOnce(3, bench.harness.quiet())
                        .forEach(claim -> assertThat(claimed.add(claim.id()))
                                .as("%s given once only", claim)
                                .isTrue());
            }
        }

        assertThat(claimed).containsExactlyInAnyOrderElementsOf(ids);
        one.claimsNothing();
        two.claimsNothing();
    }

    @Rule("With nothing to claim, a claim that must not wait returns empty.")
    default void must_CLAIM_8_anEmptyQueueGivesAnEmptyList(Bench bench) {
        Pod pod = bench.pod();

        assertThat(Underway.call(() -> pod.source.claim(5, Duration.ZERO)).returns(bench.harness))
                .isEmpty();
    }

    @Rule("A claim that waits returns when its wait is over, empty-handed.")
    default void must_CLAIM_9_aWaitThatIsOverEndsTheClaim(Bench bench) {
        Pod pod = bench.pod();

        assertThat(Underway.call(() -> pod.source.claim(5, Duration.ofMillis(20)))
                        .returns(bench.harness))
                .isEmpty();
    }

    @Rule(
            value = "A claim that waits returns as soon as there is a message.",
            lookAt = "a poll interval that is too long, or a wake-up that is missed")
    default void must_CLAIM_10_aWaitingClaimReturnsWhenAMessageComes(Bench bench) {
        Pod pod = bench.pod();
        Underway<List<Claim>> claim = Underway.claim(pod, 1);

        String id = bench.send("awaited");

        assertThat(idsOf(claim.returns(bench.harness))).containsExactly(id);
    }

    @Rule(
            value =
                    "A claim returns what is there and does not wait for the rest of its demand: a message must not wait for company.",
            lookAt = "the broker's minimum bytes or batch size of a fetch")
    default void must_CLAIM_11_aClaimDoesNotWaitToFillItsDemand(Bench bench) {
        bench.send("alone");

        assertThat(Underway.claim(bench.pod(), 10).returns(bench.harness)).hasSize(1);
    }

    @Rule(
            value = "An interrupt ends a waiting claim, and nothing stays locked by it.",
            lookAt = "clients that swallow interrupts, and a request that the broker still answers")
    default void must_CLAIM_12_anInterruptEndsAWaitingClaim(Bench bench) {
        Pod pod = bench.pod();
        Underway<List<Claim>> claim = Underway.claim(pod, 1);

        claim.interrupt();

        assertThat(claim.fails(bench.harness)).isInstanceOf(InterruptedException.class);
        String id = bench.send("after the interrupt");
        assertThat(idsOf(bench.claimBeforeLocksExpire(pod, 1))).containsExactly(id);
    }

    @Rule(
            value =
                    "A message is called unusable only if no handler can be given it: core dead-letters such a one unseen.",
            lookAt = "empty and binary bodies")
    default void must_CLAIM_13_aMessageThatCanBeHandledIsNotCalledUnusable(Bench bench) {
        byte[] binary = {0, (byte) 0xC3, (byte) 0x28, (byte) 0xFF};
        for (byte[] body : List.of(new byte[0], binary, "text".getBytes(StandardCharsets.UTF_8))) {
            bench.harness.send(new Sending(body, Map.of(), null));
        }

        assertThat(bench.pod().claim(3)).extracting(Claim::unusable).containsOnlyNulls();
    }

    private static List<String> idsOf(List<Claim> claims) {
        return claims.stream().map(Claim::id).toList();
    }
}
