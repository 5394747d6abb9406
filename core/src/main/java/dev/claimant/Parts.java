package dev.claimant;

import dev.claimant.spi.Capabilities;
import java.util.random.RandomGenerator;

/** Makes the parts of an engine that decide. The simulation puts broken ones in their place, to prove that it notices. */
class Parts {

    Endings endings(Settings settings, Capabilities source, RandomGenerator random) {
        return new Endings(settings.retry, settings.job, source, random);
    }

    Held held(Shared shared, long lockNanos) {
        return new Held(shared, lockNanos);
    }

    OrderingLanes lanes() {
        return new OrderingLanes();
    }
}
