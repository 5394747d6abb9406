package dev.claimant.servicebusserver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which messages of a queue are locked, by their tokens. */
final class LockTable {

    private final Map<UUID, StoredMessage> locked = new LinkedHashMap<>();

    void lock(StoredMessage message, @Nullable Consumer holder, long now, long until) {
        UUID token = UUID.randomUUID();
        message.token = token;
        message.holder = holder;
        message.firstLockedAt = now;
        message.lockedUntil = until;
        locked.put(token, message);
    }

    void unlock(StoredMessage message) {
        if (message.token != null) {
            locked.remove(message.token);
            message.unlock();
        }
    }

    @Nullable StoredMessage find(UUID token) {
        return locked.get(token);
    }

    List<StoredMessage> endedBy(long now) {
        return those(message -> message.lockedUntil <= now);
    }

    List<StoredMessage> of(Lane lane) {
        return those(message -> message.sessionId.equals(lane.sessionId));
    }

    List<StoredMessage> heldBy(Consumer consumer) {
        return those(message -> message.holder == consumer);
    }

    private List<StoredMessage> those(Predicate<StoredMessage> wanted) {
        return locked.values().stream().filter(wanted).toList();
    }

    int size() {
        return locked.size();
    }
}
