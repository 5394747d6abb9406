package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;

/** A worker that was too slow and another that has its message now. */
record Taken(Bench bench, Pod late, Claim lateClaim, Pod owner, Claim ownersClaim) {

    static Taken over(Bench bench) {
        String id = bench.send("taken over");
        Pod late = bench.pod();
        Claim lateClaim = late.claim();
        Pod owner = bench.pod();
        bench.endLocksOf(late);
        Claim ownersClaim = owner.claim();
        assertThat(ownersClaim.id()).isEqualTo(id);
        return new Taken(bench, late, lateClaim, owner, ownersClaim);
    }

    /** The message is where it was: locked, in its place, and its owner can finish it. */
    void assertUnharmed() {
        bench.pod().claimsNothing();
        assertThat(owner.renew(ownersClaim)).as("the owner's renewal").isEqualTo(APPLIED);
        assertThat(owner.complete(ownersClaim)).as("the owner's completion").isEqualTo(APPLIED);
        bench.endLocksOf(owner);
        bench.pod().claimsNothing();
        assertThat(bench.harness.deadLetters()).as("dead letters").isEmpty();
    }
}
