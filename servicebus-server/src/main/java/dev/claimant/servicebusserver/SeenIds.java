package dev.claimant.servicebusserver;

import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.message.Message;

/** Duplicate detection: the message ids of a window of time. */
final class SeenIds {

    private final EntityOptions options;
    private final Map<Object, Long> until = new HashMap<>();

    SeenIds(EntityOptions options) {
        this.options = options;
    }

    /** Whether the message is one too many; otherwise it is remembered. */
    boolean isDuplicate(Message message, long now) {
        if (options.duplicateWindow() == null || message.getMessageId() == null) {
            return false;
        }
        until.values().removeIf(end -> end <= now);
        return until.putIfAbsent(
                        message.getMessageId(), now + options.duplicateWindow().toMillis())
                != null;
    }
}
