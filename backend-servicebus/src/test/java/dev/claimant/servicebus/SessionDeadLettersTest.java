package dev.claimant.servicebus;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A dead letter of a session goes by the session's link, where the SDK reports success whatever Service Bus says. */
@Execution(ExecutionMode.CONCURRENT)
class SessionDeadLettersTest {

    private static final Duration BOUND = Duration.ofSeconds(2);

    private static Rig rig() {
        return new Rig(TestEntity.OPTIONS.requireSession());
    }

    private static DeadLetter deadLetter(Claim claim) {
        return new DeadLetter(claim, "no such account", null);
    }

    @Test
    void oneThatIsRefusedAsBusyComesAgainAndIsDeadThen() {
        try (Rig rig = rig()) {
            rig.send("refused");
            rig.faults.fail("dead-letter", 1, "com.microsoft:server-busy");
            assertThat(rig.settle(deadLetter(rig.claim()))).isEqualTo(LOST);
            assertThat(rig.entity.deadLetters()).isEmpty();

            Claim again = rig.claim();
            assertThat(again.text()).isEqualTo("refused");
            assertThat(rig.settle(deadLetter(again))).isEqualTo(APPLIED);
            assertThat(rig.entity.deadLetters()).hasSize(1);
            assertThat(rig.active()).isZero();
        }
    }

    @Test
    void oneThatIsDoneAndCannotBeLookedForIsAppliedWhenItIsRepeatedAndKeptOnce() {
        try (Rig rig = rig()) {
            rig.send("looked for");
            DeadLetter deadLetter = deadLetter(rig.claim());
            rig.faults.ignore("peek-message", 2); // the watchdog may ask, too
            assertThat(rig.source.settle(List.of(deadLetter), BOUND)).containsExactly(UNKNOWN);
            await().atMost(TestEntity.PATIENCE)
                    .until(() -> rig.source
                            .settle(List.of(deadLetter.asRepeated()), BOUND)
                            .contains(APPLIED));
            assertThat(rig.entity.deadLetters()).hasSize(1);
        }
    }

    @Test
    void afterOneThatIsDoneTheSessionsNextMessageFollows() {
        try (Rig rig = rig()) {
            rig.send("first");
            rig.send("second");
            assertThat(rig.settle(deadLetter(rig.claim()))).isEqualTo(APPLIED);
            Claim next = rig.claim();
            assertThat(next.text()).isEqualTo("second");
            assertThat(rig.settle(new Complete(next))).isEqualTo(APPLIED);
            assertThat(rig.active()).isZero();
        }
    }
}
