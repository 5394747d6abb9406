package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A source may break the rules of the seam: that costs a repetition, and nothing else. */
class NoAnswerTest {

    private final Rig rig = Rig.standard();

    static List<UnaryOperator<List<Verdict>>> brokenAnswers() {
        return List.of(
                verdicts -> List.of(),
                verdicts -> List.of(Verdict.APPLIED, Verdict.LOST, Verdict.APPLIED),
                verdicts -> {
                    throw new IllegalStateException("a defect in the source");
                });
    }

    @ParameterizedTest
    @MethodSource("brokenAnswers")
    void anAnswerThatCannotBeRightIsNoAnswer(UnaryOperator<List<Verdict>> broken) {
        rig.send("a", "b");
        rig.claim();
        rig.succeed(rig.start());
        rig.succeed(rig.start());
        rig.asked.answerSettlements(broken);
        rig.settle();
        assertThat(rig.heard.failed).containsExactly("settle");
        assertThat(rig.heard.settled).isEmpty();
        rig.asked.answerSettlements(UnaryOperator.identity());
        rig.advance(Duration.ofSeconds(2));
        rig.settle();
        assertThat(rig.asked.settled()).containsExactly("Complete a, Complete b", "Complete a again, Complete b again");
        assertThat(rig.heard.settled).containsExactly("Complete a APPLIED", "Complete b APPLIED");
    }
}
