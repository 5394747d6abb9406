package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A source that does not keep to the seam is named, and harms nobody more than it must. */
class DefectiveSourceTest {

    private final List<Exception> told = new ArrayList<>();
    private final InMemorySource memory = new InMemorySource(new InMemoryQueue());

    @Test
    void aSourceWithoutALockOrAClaimerIsRefusedByName() {
        InMemoryQueue none = new InMemoryQueue(
                InMemoryQueue.allCapabilities().with(all -> all.claimers(0).lockLength(Duration.ZERO)),
                System::nanoTime);
        Worker worker =
                Worker.builder(new InMemorySource(none)).handler(claim -> {}).build();
        assertThatThrownBy(worker::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(InMemorySource.class.getName(), "claimers: 0", "lockLength: PT0S");
    }

    @Test
    void noListOfClaimsIsAFailureThatNamesTheSource() {
        assertThat(claimsOf(null)).isNull();
        assertThat(told)
                .singleElement()
                .extracting(Exception::getMessage)
                .asString()
                .contains("Defective", "returned null");
    }

    @Test
    void aMissingClaimIsToldAndTheOthersAreKept() {
        Claim claim = new Claim(Message.of("m", ""), 1, 1, 0, Claim.NO_EXPIRY, -1);
        assertThat(claimsOf(Arrays.asList(claim, null))).containsExactly(claim);
        assertThat(claimsOf(Arrays.asList((Claim) null)))
                .as("a failed call, followed by a pause")
                .isNull();
        assertThat(told).hasSize(2).allSatisfy(e -> assertThat(e).hasMessageContaining("null among its claims"));
    }

    @Test
    void aClaimThatIsReturnedTwiceRunsOnceAndIsTold() {
        Rig rig = Rig.configured(settings -> settings.slots = 3);
        Claim claim = new Claim(Message.of("m", ""), 1, 1, 0, Claim.NO_EXPIRY, -1);
        rig.asked.answerClaim(List.of(claim, claim));
        rig.claim();
        assertThat(rig.start().claim).isSameAs(claim);
        assertThat(rig.startIfAny()).isNull();
        assertThat(rig.heard.failed).containsExactly("claim");
    }

    @Test
    void aMissingVerdictIsUnknownAndTold() {
        GuardedSource guarded = guarded(new Defective(null));
        assertThat(guarded.settle(List.of(), Duration.ofSeconds(1))).isEmpty();
        assertThat(guarded.renew(Arrays.asList(null, null), Duration.ofSeconds(1)))
                .containsExactly(Verdict.APPLIED, Verdict.UNKNOWN);
        assertThat(told)
                .singleElement()
                .extracting(Exception::getMessage)
                .asString()
                .contains("null among its verdicts");
    }

    @Test
    void emptyAnswersThatComeEarlyAgainAndAgainAreFollowedByAPause() {
        Rig rig = Rig.standard();
        int calls = 0;
        for (int demand = rig.engine.demand.poll(); demand > 0 && calls < 100; demand = rig.engine.demand.poll()) {
            rig.engine.claimLoop.claim(demand);
            calls++;
        }
        assertThat(calls).isLessThan(10);
        rig.advance(Duration.ofSeconds(2));
        rig.send("a");
        assertThat(rig.claim()).isEqualTo(1);
    }

    private @Nullable List<Claim> claimsOf(@Nullable List<Claim> answer) {
        return guarded(new Defective(answer)).claim(1, Duration.ZERO);
    }

    private GuardedSource guarded(Defective source) {
        return new EngineContext(System::nanoTime, source, List.of(new WorkerListener() {
                    @Override
                    public void sourceFailed(String operation, Exception problem) {
                        told.add(problem);
                    }
                }))
                .source;
    }

    @SuppressWarnings("NullAway") // that is its defect
    private final class Defective extends ImpatientSource {

        private final @Nullable List<Claim> answer;

        Defective(@Nullable List<Claim> answer) {
            super(memory);
            this.answer = answer;
        }

        @Override
        public List<Claim> claim(int demand, Duration wait) {
            return answer;
        }

        @Override
        public List<Verdict> renew(List<Claim> claims, Duration within) {
            return Arrays.asList(Verdict.APPLIED, null);
        }

        @Override
        public List<Verdict> settle(List<Settlement> settlements, Duration within) {
            return List.of();
        }
    }
}
