package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import java.util.List;

/** What a source says of its own accord, and what it must not keep to itself. */
interface EventRules {

    @Rule(
            value =
                    "While the announcement that claims will be taken away is being handled, other threads can settle them.",
            lookAt = "a client thread that waits in the announcement and is also the one that settles")
    default void must_EVENT_1_endangeredClaimsCanBeSettled(Bench bench) {
        bench.send("about to be taken");
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        pod.whenEndangered = claims -> {
            List<Complete> settlements = claims.stream().map(Complete::new).toList();
            Underway<List<Verdict>> settling = Underway.call(() -> pod.settle(settlements));
            assertThat(settling.returns(bench.harness)).containsOnly(APPLIED);
        };

        bench.harness.endanger(pod.source, List.of(claim), bench.harness.patience());

        bench.pod().claimsNothing();
    }

    @Rule("What was announced, and not settled, comes back and is lost to its worker.")
    default void must_EVENT_2_whatWasAnnouncedAndNotSettledComesBack(Bench bench) {
        String id = bench.send("about to be taken");
        Pod pod = bench.pod();
        Claim claim = pod.claim();

        bench.harness.endanger(pod.source, List.of(claim), bench.harness.precision());

        assertThat(bench.pod().claim().id()).isEqualTo(id);
        assertThat(pod.complete(claim)).isEqualTo(LOST);
    }

    @Rule(
            value =
                    "When nothing is heard any more, a source whose lock is the connection says LOST in the end, for nobody else will.",
            when = When.CONNECTION_LOCK,
            lookAt = "renewals that only look at what the client remembers")
    default void may_EVENT_3_silenceIsALossInTheEnd(Bench bench) {
        bench.send("held by the connection");
        Pod pod = bench.pod();
        Claim claim = pod.claim();

        bench.harness.cut(pod.source);
        bench.passBeyond(bench.capabilities.lockLength());

        bench.eventually(() -> assertThat(pod.lost.contains(claim) || pod.renew(claim) == LOST)
                .as("the loss is told")
                .isTrue());
    }
}
