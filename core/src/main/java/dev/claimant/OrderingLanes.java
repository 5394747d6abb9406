package dev.claimant;

import dev.claimant.Execution.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets one claim per ordering key go at a time. The first of a lane may run; the others wait behind it until the source has taken its
 * end. Guarded by the engine's lock.
 */
class OrderingLanes {

    private final Map<String, ArrayDeque<Execution>> lanes = new HashMap<>();

    /** Whether the claim may run now; otherwise it waits in its lane. */
    boolean enter(Execution execution) {
        String key = execution.claim.message().orderingKey();
        if (key == null) {
            return true;
        }
        ArrayDeque<Execution> lane = lanes.computeIfAbsent(key, k -> new ArrayDeque<>(2));
        lane.add(execution);
        return lane.peek() == execution;
    }

    /** The first of a lane is done with for good: the next one may run. */
    @Nullable Execution next(Execution done) {
        ArrayDeque<Execution> lane = laneLedBy(done);
        if (lane == null) {
            return null;
        }
        lane.remove();
        Execution next = lane.peek();
        while (next != null && !next.is(Stage.WAITING)) {
            lane.remove();
            next = lane.peek();
        }
        if (next == null) {
            lanes.remove(keyOf(done));
        }
        return next;
    }

    /** The first of a lane will come back, here or elsewhere: those behind it must not overtake it and leave too. */
    List<Execution> disperse(Execution gone) {
        ArrayDeque<Execution> lane = laneLedBy(gone);
        if (lane == null) {
            return List.of();
        }
        lanes.remove(keyOf(gone));
        List<Execution> followers = new ArrayList<>();
        for (Execution follower : lane) {
            if (follower.is(Stage.WAITING)) {
                followers.add(follower);
            }
        }
        return followers;
    }

    private @Nullable ArrayDeque<Execution> laneLedBy(Execution execution) {
        String key = execution.claim.message().orderingKey();
        ArrayDeque<Execution> lane = key == null ? null : lanes.get(key);
        return lane == null || lane.peek() != execution ? null : lane;
    }

    private static String keyOf(Execution execution) {
        String key = execution.claim.message().orderingKey();
        if (key == null) {
            throw new IllegalStateException(execution.claim + " has no ordering key");
        }
        return key;
    }
}
