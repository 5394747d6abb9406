package dev.claimant.servicebusserver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which messages of a queue are locked, by their tokens. */
final class LockTable {

    private final Map<UUID, StoredMessage> locked = new LinkedHashMap<>();
    private final Changes changes;

    LockTable(Changes changes) {
        this.changes = changes;
    }

    void lock(StoredMessage message, @Nullable Consumer holder, long now, long until) {
        UUID token = UUID.randomUUID();
        message.token = token;
        message.holder = holder;
        message.firstLockedAt = now;
        message.lockedUntil = until;
        locked.put(token, message);
        changes.message(message.sequence);
    }

    /** Locks that were on disk; their holders are gone. */
    void restore(List<StoredMessage> messages) {
        messages.forEach(message -> locked.put(Objects.requireNonNull(message.token), message));
    }

    void extend(StoredMessage message, long until) {
        message.lockedUntil = until;
        changes.message(message.sequence);
    }

    void unlock(StoredMessage message) {
        if (message.token != null) {
            locked.remove(message.token);
            message.unlock();
            changes.message(message.sequence);
        }
    }

    @Nullable StoredMessage find(UUID token) {
        return locked.get(token);
    }

    List<StoredMessage> endedBy(long now) {
        return those(message -> message.lockedUntil <= now);
    }

    List<StoredMessage> all() {
        return those(message -> true);
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
