package dev.claimant.servicebusserver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sessions of a queue: which is locked, by whom, and which is next. A queue without sessions has one lane for all its messages. */
final class Lanes {

    private final EntityOptions options;
    private final ServerClock clock;
    private final Changes changes;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();

    Lanes(EntityOptions options, ServerClock clock, Changes changes) {
        this.options = options;
        this.clock = clock;
        this.changes = changes;
    }

    Lane only() {
        return lane("");
    }

    Lane lane(String session) {
        return lanes.computeIfAbsent(session, Lane::new);
    }

    Lane laneOf(StoredMessage message) {
        return lane(message.sessionId);
    }

    /** A session that is free: the named one, or the next that has messages; absent while there is none. */
    @Nullable Lane free(@Nullable String session) throws AmqpError {
        if (session == null) {
            return lanes.values().stream()
                    .filter(lane -> !lane.isLocked && !lane.available.isEmpty())
                    .findFirst()
                    .orElse(null);
        }
        Lane lane = lane(session);
        if (lane.isLocked) {
            throw new AmqpError(
                    AmqpError.SESSION_CANNOT_BE_LOCKED,
                    "The requested session '" + session
                            + "' cannot be accepted. It may be locked by another receiver.");
        }
        return lane;
    }

    void lock(Lane lane, Consumer holder) {
        lane.isLocked = true;
        lane.holder = holder;
        extend(lane);
        putLast(lane);
    }

    /** The one that was served last is the last in turn. */
    void putLast(Lane lane) {
        lanes.remove(lane.sessionId);
        lanes.put(lane.sessionId, lane);
    }

    void unlock(Lane lane) {
        lane.unlock();
        changes.session(lane.sessionId);
    }

    void setState(Lane lane, byte @Nullable [] state) {
        lane.state = state;
        changes.session(lane.sessionId);
    }

    void extend(Lane lane) {
        lane.lockedUntil = clock.millis() + options.lockDuration().toMillis();
        changes.session(lane.sessionId);
    }

    Lane held(String session) throws AmqpError {
        Lane lane = lane(session);
        if (!lane.isLocked) {
            throw AmqpError.sessionLockLost();
        }
        return lane;
    }

    /** @param link the name of the link that says it has the session */
    Lane heldBy(String link, String session) throws AmqpError {
        Lane lane = held(session);
        if (lane.holder != null && !lane.holder.name().equals(link)) {
            throw new AmqpError(
                    AmqpError.SESSION_LOCK_LOST, "The session '" + session + "' is locked by another receiver.");
        }
        return lane;
    }

    /** Notes all for the next write to disk; returns those that are locked. */
    List<Lane> restored() {
        lanes.keySet().forEach(changes::session);
        return lanes.values().stream().filter(lane -> lane.isLocked).toList();
    }

    List<Lane> endedBy(long now) {
        return lanes.values().stream()
                .filter(lane -> lane.isLocked && lane.lockedUntil <= now)
                .toList();
    }
}
