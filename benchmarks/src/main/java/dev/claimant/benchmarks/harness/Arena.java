package dev.claimant.benchmarks.harness;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One source, its real server running, and all who compete at it. Used by one thread. */
public interface Arena extends AutoCloseable {

    /** What runs here, for the head of the report: the server, its version and what it promises to keep. */
    String describe();

    /** In the order in which they take their turns; the first is the one that the others are compared with. */
    List<Contender> contenders();

    /** Ways to enqueue, the one that the others are compared with first; none where that is not measured. */
    default List<Enqueuer> enqueuers() {
        return List.of();
    }

    /**
     * What the server counts and never sets back, by name; what grew during a run is divided by the run's messages. None for a server that
     * forgets what it counts.
     */
    default Map<String, Double> meters() {
        return Map.of();
    }

    /** From the next filling on, a request and its answer are on their way for so long. Refused where it is not offered. */
    default void setRoundTrip(Duration roundTrip) {
        throw new IllegalArgumentException("--round-trip: only servicebus has it");
    }

    /** Stops the server. */
    @Override
    void close();
}
