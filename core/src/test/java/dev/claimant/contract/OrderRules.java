package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** In which order messages of one key come, and what holds back their successors. */
interface OrderRules {

    @Rule(value = "Messages of one key come in the order in which they were sent.", when = When.ORDERED)
    default void may_ORDER_1_messagesOfAKeyComeInOrder(Bench bench) {
        List<String> sent = sendKeyed(bench, "k", 5);
        Pod pod = bench.orderedPod();

        List<String> came = new ArrayList<>();
        long giveUp = System.nanoTime() + bench.harness.patience().toNanos();
        while (came.size() < sent.size() && System.nanoTime() < giveUp) {
            for (Claim claim : pod.claimOnce(3, bench.harness.patience())) {
                came.add(claim.id());
                assertThat(pod.settle(new Complete(claim))).isEqualTo(APPLIED);
            }
        }

        assertThat(came).containsExactlyElementsOf(sent);
    }

    @Rule(value = "A claim carries its ordering key, by which core runs one at a time.", when = When.ORDERED)
    default void may_ORDER_2_aClaimCarriesItsKey(Bench bench) {
        bench.sendKeyed("customer 7", "keyed");

        assertThat(bench.orderedPod().claim().message().orderingKey()).isEqualTo("customer 7");
    }

    @Rule(value = "While a message is held, its successors go to no other worker.", when = When.ORDERED)
    default void may_ORDER_3_aHeldMessageHoldsBackItsSuccessors(Bench bench) {
        List<String> sent = sendKeyed(bench, "k", 2);
        Pod pod = bench.orderedPod();
        Pod other = bench.orderedPod();
        Claim first = pod.claim();
        assertThat(first.id()).isEqualTo(sent.get(0));

        other.claimsNothing();

        assertThat(pod.complete(first)).isEqualTo(APPLIED);
        assertThat(pod.claim().id()).isEqualTo(sent.get(1));
    }

    @Rule(value = "A message that waits for its next try holds back its successors.", when = When.ORDERED_ACROSS)
    default void may_ORDER_4_aDelayedMessageHoldsBackItsSuccessors(Bench bench) {
        List<String> sent = sendKeyed(bench, "k", 2);
        Pod pod = bench.orderedPod();
        boolean delays = When.NATIVE_DELAY.holdsFor(bench.capabilities);
        Duration delay = delays ? bench.harness.retryDelay() : Duration.ZERO;
        assertThat(pod.retry(pod.claim(), delay)).isEqualTo(APPLIED);

        if (delays) {
            bench.orderedPod().claimsNothing();
            pod.claimsNothing();
            bench.passBeyond(delay);
        }

        assertThat(pod.claim().id()).isEqualTo(sent.get(0));
    }

    @Rule(value = "A message that is reserved holds back its successors.", when = When.ORDERED_ACROSS)
    default void may_ORDER_5_aReservedMessageHoldsBackItsSuccessors(Bench bench) {
        if (!bench.capabilities.reservation()) {
            throw new NotApplicable("only for reservations");
        }
        List<String> sent = sendKeyed(bench, "k", 2);
        Pod pod = bench.orderedPodOf("job-1");
        assertThat(pod.reserve(pod.claim())).isEqualTo(APPLIED);

        bench.orderedPod().claimsNothing();

        assertThat(bench.orderedPodOf("job-1").claim().id()).isEqualTo(sent.get(0));
    }

    @Rule(
            value = "A message that is handed back untried takes its old place, before its successors.",
            when = When.ORDERED,
            lookAt = "a release that puts the message at the end of the queue")
    default void may_ORDER_6_aReleasedMessageTakesItsOldPlace(Bench bench) {
        List<String> sent = sendKeyed(bench, "k", 2);
        Pod pod = bench.orderedPod();

        assertThat(pod.release(pod.claim())).isEqualTo(APPLIED);

        assertThat(pod.claim().id()).isEqualTo(sent.get(0));
    }

    @Rule(value = "A message whose lock has ended comes before its successors.", when = When.ORDERED)
    default void may_ORDER_7_aMessageWhoseLockEndedComesFirst(Bench bench) {
        List<String> sent = sendKeyed(bench, "k", 2);
        Pod pod = bench.orderedPod();
        pod.claim();
        Pod other = bench.orderedPod();

        bench.endLocksOf(pod);

        assertThat(other.claim().id()).isEqualTo(sent.get(0));
    }

    @Rule(
            value =
                    "A message that is given up lets its successors go, or one bad message would stop its key for good.",
            when = When.ORDERED)
    default void may_ORDER_8_aDeadLetterLetsItsSuccessorsGo(Bench bench) {
        List<String> sent = sendKeyed(bench, "k", 2);
        Pod pod = bench.orderedPod();

        assertThat(pod.deadLetter(pod.claim(), "hopeless")).isEqualTo(APPLIED);

        assertThat(pod.claim().id()).isEqualTo(sent.get(1));
    }

    @Rule(value = "Other keys, and messages without one, are not held back.", when = When.ORDERED)
    default void may_ORDER_9_otherKeysAreNotHeldBack(Bench bench) {
        sendKeyed(bench, "k", 2);
        Pod pod = bench.orderedPod();
        pod.claim();

        String otherKey = bench.sendKeyed("l", "other key");
        String noKey = bench.send("no key");

        List<String> came = new ArrayList<>();
        long giveUp = System.nanoTime() + bench.harness.patience().toNanos();
        while (!came.containsAll(List.of(otherKey, noKey)) && System.nanoTime() < giveUp) {
            pod.claimOnce(4, bench.harness.quiet()).forEach(claim -> came.add(claim.id()));
        }
        assertThat(came).contains(otherKey, noKey);
    }

    @Rule(
            value = "A source that declares no order holds nothing back: keys cost no throughput there.",
            when = When.UNORDERED)
    default void may_ORDER_10_withoutOrderNothingIsHeldBack(Bench bench) {
        List<String> sent = sendKeyed(bench, "k", 2);
        Pod pod = bench.pod();
        Pod other = bench.pod();

        assertThat(List.of(pod.claim().id(), other.claim().id())).containsExactlyInAnyOrderElementsOf(sent);
    }

    private static List<String> sendKeyed(Bench bench, String key, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(bench.sendKeyed(key, key + " " + i));
        }
        return ids;
    }
}
