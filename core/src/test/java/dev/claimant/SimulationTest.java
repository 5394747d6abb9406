package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Execution.StopReason;
import dev.claimant.spi.Capabilities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
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
        String found = firstFinding(() -> ending(
                (right, claim, stop, failure) -> right.of(claim, stop == StopReason.LOCK_LOST ? null : stop, failure)));
        assertThat(found).containsAnyOf("lost claim", "left over");
    }

    @Test
    void findsAnEngineThatBurnsAttemptsInADrain() {
        String found = firstFinding(() -> ending((right, claim, stop, failure) -> stop == StopReason.DRAINED
                ? right.of(claim, null, new Exception("drained"))
                : right.of(claim, stop, failure)));
        assertThat(found).contains("a retry without a failure");
    }

    @Test
    void findsAnEngineThatForgetsToRenewParkedClaims() {
        String found = firstFinding(() -> new Parts() {
            @Override
            HeldClaims held(EngineContext context, long lockNanos) {
                return new HeldClaims(context, lockNanos) {
                    @Override
                    List<Execution> poll() {
                        List<Execution> batch = new ArrayList<>(super.poll());
                        batch.removeIf(execution -> execution.is(Execution.Stage.PARKED));
                        return batch;
                    }
                };
            }
        });
        assertThat(found).contains("though nothing went wrong");
    }

    @Test
    void findsAnEngineThatRunsOneOrderingKeyInParallel() {
        String found = firstFinding(() -> new Parts() {
            @Override
            OrderingLanes lanes() {
                return new OrderingLanes() {
                    @Override
                    boolean enter(Execution execution) {
                        super.enter(execution);
                        return true;
                    }
                };
            }
        });
        assertThat(found).contains("of the same key was done");
    }

    @Test
    void findsAnEngineThatRunsSuspectsBesideOthers() {
        String found = firstFinding(() -> new Parts() {
            @Override
            OutcomePolicy outcomes(Settings settings, Capabilities source, RandomGenerator random) {
                return new OutcomePolicy(settings, source, random) {
                    @Override
                    boolean mustRunAlone(Claim claim) {
                        return false;
                    }
                };
            }
        });
        assertThat(found).contains("given up for crashes beside others only");
    }

    @Test
    void findsAnEngineThatBeginsOnALockThatIsOver() {
        String found = firstFinding(() -> new Parts() {
            @Override
            LockKeeper lockKeeper(
                    EngineContext context, HeldClaims held, ClaimLifecycle lifecycle, Duration callBound) {
                return new LockKeeper(context, held, lifecycle, callBound) {
                    @Override
                    boolean holdsLongEnough(Claim claim) {
                        return true;
                    }
                };
            }
        });
        assertThat(found).contains("a handler begins on a lock that is over");
    }

    private interface WrongEnding {
        @Nullable Outcome of(OutcomePolicy right, Claim claim, @Nullable StopReason stop, @Nullable Throwable failure);
    }

    private static Parts ending(WrongEnding wrong) {
        return new Parts() {
            @Override
            OutcomePolicy outcomes(Settings settings, Capabilities source, RandomGenerator random) {
                OutcomePolicy right = super.outcomes(settings, source, random);
                return new OutcomePolicy(settings, source, random) {
                    @Override
                    @Nullable Outcome of(Claim claim, @Nullable StopReason stop, @Nullable Throwable failure) {
                        return wrong.of(right, claim, stop, failure);
                    }
                };
            }
        };
    }

    private static String firstFinding(Supplier<Parts> broken) {
        for (long seed = 0; seed < 2_000; seed++) {
            try {
                Simulation.run(seed, broken);
            } catch (AssertionError finding) {
                System.out.println("simulation: planted defect found by " + finding.getMessage());
                return String.valueOf(finding.getMessage());
            }
        }
        return "nothing";
    }
}
