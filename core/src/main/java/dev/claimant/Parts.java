package dev.claimant;

import dev.claimant.spi.Capabilities;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Makes the parts of an engine that decide. The simulation puts broken ones in their place, to prove that it notices. */
class Parts {

    OutcomePolicy outcomes(Settings settings, Capabilities source, RandomGenerator random) {
        return new OutcomePolicy(settings, source, random);
    }

    HeldClaims held(EngineContext context, long lockNanos) {
        return new HeldClaims(context, lockNanos);
    }

    LockKeeper lockKeeper(EngineContext context, HeldClaims held, ClaimLifecycle lifecycle, Duration callBound) {
        return new LockKeeper(context, held, lifecycle, callBound);
    }

    OrderingLanes lanes() {
        return new OrderingLanes();
    }
}
