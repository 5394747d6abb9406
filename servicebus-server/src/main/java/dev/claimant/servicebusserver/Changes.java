package dev.claimant.servicebusserver;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What of a queue has changed since it was last written to disk. A server in memory notes nothing. Only the reactor's thread uses it. */
final class Changes {

    private final boolean isKept;
    private final Set<Long> messages = new LinkedHashSet<>();
    private final Set<String> sessions = new LinkedHashSet<>();
    private final Map<String, Long> seenIds = new LinkedHashMap<>();

    Changes(boolean isKept) {
        this.isKept = isKept;
    }

    /** The message with this sequence number was stored, changed or removed. */
    void message(long sequence) {
        if (isKept) {
            messages.add(sequence);
        }
    }

    void session(String id) {
        if (isKept) {
            sessions.add(id);
        }
    }

    /** @param until when the id may be forgotten */
    void seenId(String id, long until) {
        if (isKept) {
            seenIds.put(id, until);
        }
    }

    boolean isEmpty() {
        return messages.isEmpty() && sessions.isEmpty() && seenIds.isEmpty();
    }

    Set<Long> messages() {
        return messages;
    }

    Set<String> sessions() {
        return sessions;
    }

    Map<String, Long> seenIds() {
        return seenIds;
    }

    void clear() {
        messages.clear();
        sessions.clear();
        seenIds.clear();
    }
}
