package dev.claimant;

import dev.claimant.Execution.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets one claim per ordering key go at a time. The first of a lane may run; the others wait behind it until the source has applied its
 * settlement. Guarded by the engine's lock.
 */
final class OrderingLanes {

    /** What follows when a claim leaves: which others have to leave too, and whose turn comes. */
    record Leaving(List<Execution> mustLeaveToo, @Nullable Execution next) {
        static final Leaving NOTHING = new Leaving(List.of(), null);
    }

    private static final class Lane {
        /** By rank, and those of one message by arrival. */
        final List<Execution> members = new ArrayList<>(2);

        /** Each message's place in the order; one that comes back takes its old place. */
        final Map<String, Long> ranks = new HashMap<>(2);
    }

    private final Map<String, Lane> lanes = new HashMap<>();

    /** The moment, counted in breaks, at which a message of the key last left undone. Kept for as long as a claim call may not know. */
    private final Map<String, Long> brokenAt = new HashMap<>();

    private final List<Long> callsBegunAt = new ArrayList<>();
    private long breaks;
    private long lastRank;

    /** A claim call begins; returns the moment, for {@link #enter} and {@link #callEnds}. */
    long callBegins() {
        callsBegunAt.add(breaks);
        return breaks;
    }

    /** A claim call that began at that moment has ended, and all its claims have entered. */
    void callEnds(long begunAt) {
        callsBegunAt.remove(begunAt);
        long oldest = callsBegunAt.stream().mapToLong(Long::longValue).min().orElse(breaks);
        for (Iterator<Map.Entry<String, Long>> broken = brokenAt.entrySet().iterator(); broken.hasNext(); ) {
            Map.Entry<String, Long> next = broken.next();
            if (next.getValue() <= oldest) {
                broken.remove();
                removeIfEmpty(next.getKey());
            }
        }
    }

    /** Forgets a lane, and with it the order of those that may come back, once nobody is in it and no call can have missed a break. */
    private void removeIfEmpty(String key) {
        if (!brokenAt.containsKey(key)) {
            lanes.computeIfPresent(key, (k, lane) -> lane.members.isEmpty() ? null : lane);
        }
    }

    /**
     * Whether a claim whose call began at that moment has come too late: this worker had an earlier message of its key then, and that message
     * has left undone meanwhile. The claim must not overtake it.
     */
    boolean missedABreak(Execution execution, long askedAt) {
        Long broken = brokenAt.get(execution.claim.message().orderingKey());
        return broken != null && broken > askedAt;
    }

    /** Whether the claim may run now; otherwise it waits in its lane. */
    boolean enter(Execution execution) {
        String key = execution.claim.message().orderingKey();
        if (key == null) {
            return true;
        }
        Lane lane = lanes.computeIfAbsent(key, k -> new Lane());
        execution.rank = lane.ranks.computeIfAbsent(execution.claim.id(), id -> ++lastRank);
        int place = lane.members.size();
        while (place > 0 && lane.members.get(place - 1).rank > execution.rank) {
            place--;
        }
        lane.members.add(place, execution);
        return place == 0;
    }

    /**
     * The claim leaves its lane.
     *
     * @param done for good; otherwise it will come back, here or elsewhere, and those behind it must not overtake it
     */
    Leaving leave(Execution execution, boolean done) {
        String key = execution.claim.message().orderingKey();
        Lane lane = key == null ? null : lanes.get(key);
        if (key == null || lane == null) {
            return Leaving.NOTHING;
        }
        boolean wasFirst = !lane.members.isEmpty() && lane.members.get(0) == execution;
        lane.members.remove(execution);
        if (done) {
            lane.ranks.remove(execution.claim.id());
            removeIfEmpty(key);
            return new Leaving(List.of(), wasFirst ? firstWaiting(lane) : null);
        }
        brokenAt.put(key, ++breaks);
        List<Execution> overtaking = new ArrayList<>(lane.members);
        overtaking.removeIf(other -> !other.is(Stage.WAITING) || other.rank <= execution.rank);
        Execution next = wasFirst ? firstWaiting(lane) : null;
        return new Leaving(overtaking, next != null && next.rank <= execution.rank ? next : null);
    }

    private static @Nullable Execution firstWaiting(Lane lane) {
        Execution first = lane.members.isEmpty() ? null : lane.members.get(0);
        return first != null && first.is(Stage.WAITING) ? first : null;
    }
}
