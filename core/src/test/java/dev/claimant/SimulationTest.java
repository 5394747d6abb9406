package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final long SEEDS = Long.getLong("claimant.simulation.seeds", 10_000);

    /** One seed alone, with all that happens in it: {@code -Dclaimant.simulation.seed=4711 -Dclaimant.simulation.trace=true}. */
    private static final @Nullable Long ONLY = Long.getLong("claimant.simulation.seed");

    @Test
    void noLawIsBrokenInThousandsOfRandomRuns() {
        LongStream seeds = ONLY == null ? LongStream.range(0, SEEDS).parallel() : LongStream.of(ONLY);
        seeds.forEach(Simulation::run);
        System.out.println("simulation: " + (ONLY == null ? SEEDS + " seeds" : "seed " + ONLY) + ", no law broken");
    }

    @Test
    void findsAnEngineThatBelievesHandlersWithoutALock() {
        String found = firstFinding(PlantedDefect.BELIEVES_HANDLERS_WITHOUT_A_LOCK);
        assertThat(found).containsAnyOf("lost claim", "left over", "goes on without its lock");
    }

    @Test
    void findsAnEngineThatBurnsAttemptsInADrain() {
        assertThat(firstFinding(PlantedDefect.BURNS_ATTEMPTS_IN_A_DRAIN)).contains("a retry without a failure");
    }

    @Test
    void findsAnEngineThatForgetsToRenewParkedClaims() {
        assertThat(firstFinding(PlantedDefect.FORGETS_TO_RENEW_PARKED_CLAIMS)).contains("though nothing went wrong");
    }

    @Test
    void findsAnEngineThatRunsOneOrderingKeyInParallel() {
        assertThat(firstFinding(PlantedDefect.RUNS_ONE_ORDERING_KEY_IN_PARALLEL))
                .contains("of the same key was done");
    }

    @Test
    void findsAnEngineThatRunsSuspectsBesideOthers() {
        assertThat(firstFinding(PlantedDefect.RUNS_SUSPECTS_BESIDE_OTHERS))
                .contains("given up for crashes beside others only");
    }

    @Test
    void findsAnEngineThatBeginsOnALockThatIsOver() {
        assertThat(firstFinding(PlantedDefect.BEGINS_ON_A_LOCK_THAT_IS_OVER))
                .contains("a handler begins on a lock that is over");
    }

    @Test
    void findsAnEngineThatTellsOfWhatHappenedToAClaimInAnotherOrder() {
        assertThat(firstFinding(PlantedDefect.TELLS_OF_TIMEOUTS_LATE)).contains("told as timed out after RETURNED");
    }

    private static String firstFinding(PlantedDefect defect) {
        for (long seed = 0; seed < 20_000; seed++) {
            try {
                Simulation.run(seed, defect);
            } catch (AssertionError finding) {
                System.out.println("simulation: planted defect found by " + finding.getMessage());
                return String.valueOf(finding.getMessage());
            }
        }
        return "nothing";
    }
}
