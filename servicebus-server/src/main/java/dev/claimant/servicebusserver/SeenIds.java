package dev.claimant.servicebusserver;

import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.message.Message;

/** Duplicate detection: the message ids of a window of time. */
final class SeenIds {

    private final EntityOptions options;
    private final Changes changes;
    private final Map<String, Long> until = new HashMap<>();

    SeenIds(EntityOptions options, Changes changes) {
        this.options = options;
        this.changes = changes;
    }

    /** Whether the message is one too many; otherwise it is remembered. */
    boolean isDuplicate(Message message, long now) {
        if (options.duplicateWindow() == null || message.getMessageId() == null) {
            return false;
        }
        until.values().removeIf(end -> end <= now);
        String id = message.getMessageId().getClass().getSimpleName() + ":" + message.getMessageId();
        if (until.containsKey(id)) {
            return true;
        }
        remember(id, now + options.duplicateWindow().toMillis());
        return false;
    }

    void remember(String id, long end) {
        until.put(id, end);
        changes.seenId(id, end);
    }

    void noteAll() {
        until.forEach(changes::seenId);
    }
}
