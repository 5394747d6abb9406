package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement.Retry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How a failed message comes back. */
interface RetryRules {

    @Rule(
            value = "A retry without a delay comes back at once, and every try counts.",
            lookAt = "a flag that says redelivered, where a count is needed")
    default void must_RETRY_1_everyTryCounts(Bench bench) {
        String id = bench.send("fails");
        Pod pod = bench.pod();

        for (int attempt = 1; attempt <= 4; attempt++) {
            Claim claim = pod.claim();
            assertThat(claim.id()).isEqualTo(id);
            assertThat(claim.attempt()).as("attempt").isEqualTo(attempt);
            assertThat(pod.retry(claim)).isEqualTo(APPLIED);
        }
    }

    @Rule(
            value = "A delay that the source keeps is kept: the message is given to nobody before.",
            when = When.NATIVE_DELAY)
    default void may_RETRY_2_aDelayedMessageDoesNotComeEarly(Bench bench) {
        bench.send("later");
        Pod pod = bench.pod();
        Duration delay = bench.harness.retryDelay();
        assertThat(pod.retry(pod.claim(), delay)).isEqualTo(APPLIED);

        bench.passAlmost(delay);

        pod.claimsNothing();
        bench.pod().claimsNothing();
    }

    @Rule(value = "After its delay the message is due.", when = When.NATIVE_DELAY)
    default void may_RETRY_3_aDelayedMessageComesWhenItIsDue(Bench bench) {
        String id = bench.send("later");
        Pod pod = bench.pod();
        Duration delay = bench.harness.retryDelay();
        assertThat(pod.retry(pod.claim(), delay)).isEqualTo(APPLIED);

        bench.passBeyond(delay);

        assertThat(pod.claim().id()).isEqualTo(id);
    }

    @Rule(value = "Each message of a batch has a delay of its own.", when = When.NATIVE_DELAY)
    default void may_RETRY_4_eachOfABatchHasItsOwnDelay(Bench bench) {
        bench.send(2);
        Pod pod = bench.pod();
        List<Claim> claims = pod.claim(2);
        Duration delay = bench.harness.retryDelay();
        Retry soon = new Retry(claims.get(0), delay, "it failed");
        Retry late = new Retry(claims.get(1), delay.multipliedBy(4), "it failed");
        assertThat(pod.settle(List.of(soon, late))).containsOnly(APPLIED);

        bench.harness.pass(delay.multipliedBy(2));
        Claim first = pod.claim();
        assertThat(first.id()).isEqualTo(claims.get(0).id());
        assertThat(pod.complete(first)).isEqualTo(APPLIED);
        pod.claimsNothing();

        bench.harness.pass(delay.multipliedBy(3));
        assertThat(pod.claim().id()).isEqualTo(claims.get(1).id());
    }

    @Rule(
            value =
                    "Where the worker holds a delay, a claim can be kept by renewals far beyond its lock and still be retried.",
            when = When.HELD_DELAY,
            lookAt = "a limit on renewals, or on how long a message may be unsettled")
    default void may_RETRY_5_aHeldMessageCanBeRetriedLater(Bench bench) {
        String id = bench.send("held");
        Pod pod = bench.pod();
        Pod other = bench.pod();
        Claim claim = pod.claim();
        for (int i = 0; i < 5; i++) {
            bench.harness.pass(bench.capabilities.lockLength().dividedBy(2));
            assertThat(pod.renew(claim)).as("renewal %d", i).isEqualTo(APPLIED);
        }
        other.claimsNothing();
        if (When.SHARED.holdsFor(bench.capabilities)) {
            other.close(); // until its next claim it may be given as many messages as its last demand
        }

        assertThat(pod.retry(claim)).isEqualTo(APPLIED);

        Claim again = pod.claim();
        assertThat(again.id()).isEqualTo(id);
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Rule(
            value = "A message that comes back is the same message: identity, body, headers, keys.",
            lookAt = "sources that send a copy and settle the original")
    default void must_RETRY_6_aMessageThatComesBackIsTheSame(Bench bench) {
        bench.harness.send(new Sending("same".getBytes(StandardCharsets.UTF_8), headersIfAny(bench), null));
        Pod pod = bench.pod();
        Claim first = pod.claim();
        assertThat(pod.retry(first)).isEqualTo(APPLIED);

        Message again = pod.claim().message();

        Message before = first.message();
        assertThat(again.id()).isEqualTo(before.id());
        assertThat(again.idempotencyKey()).isEqualTo(before.idempotencyKey());
        assertThat(again.body()).isEqualTo(before.body());
        assertThat(again.headers()).isEqualTo(before.headers());
        assertThat(again.enqueuedAt()).isEqualTo(before.enqueuedAt());
        assertThat(again.orderingKey()).isEqualTo(before.orderingKey());
    }

    private static Map<String, String> headersIfAny(Bench bench) {
        return bench.harness.hasHeaders() ? Map.of("kind", "same") : Map.of();
    }

    @Rule(
            value = "Whatever the error says, the retry goes through: stack traces are long and hold any character.",
            lookAt = "column types and header limits: shorten and clean the text")
    default void must_RETRY_7_anyErrorTextGoesThrough(Bench bench) {
        String id = bench.send("fails loudly");
        Pod pod = bench.pod();
        String error = "it broke: \u0000 \uD83D\uDCA5 '\"\\ \uD800\n\tat x\n".repeat(5_000);

        assertThat(pod.settle(new Retry(pod.claim(), Duration.ZERO, error))).isEqualTo(APPLIED);

        assertThat(pod.claim().id()).isEqualTo(id);
    }
}
