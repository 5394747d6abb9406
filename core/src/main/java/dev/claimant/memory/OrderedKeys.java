package dev.claimant.memory;

import dev.claimant.memory.Places.Entry;
import dev.claimant.memory.Places.Place;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** The unfinished messages of each ordering key, oldest first. Guarded by the queue's lock. */
class OrderedKeys {

    private final Map<String, ArrayDeque<Entry>> unfinished = new HashMap<>();

    void add(Entry entry) {
        String key = entry.message.orderingKey();
        if (key != null) {
            unfinished.computeIfAbsent(key, k -> new ArrayDeque<>(2)).add(entry);
        }
    }

    void remove(Entry entry) {
        String key = entry.message.orderingKey();
        ArrayDeque<Entry> queue = key == null ? null : unfinished.get(key);
        if (queue != null) {
            queue.remove(entry);
            if (queue.isEmpty()) {
                unfinished.remove(key);
            }
        }
    }

    /** Whether all earlier messages of the key are with this source already. */
    boolean mayGoTo(InMemorySource source, Entry entry) {
        String key = entry.message.orderingKey();
        if (key == null) {
            return true;
        }
        for (Entry earlier : unfinished.getOrDefault(key, new ArrayDeque<>(0))) {
            if (earlier == entry) {
                return true;
            }
            if (holdsBack(earlier, source)) {
                return false;
            }
        }
        return true;
    }

    /** Whether this unfinished message keeps its successors from the source. */
    boolean holdsBack(Entry earlier, InMemorySource source) {
        return earlier.place != Place.LOCKED || earlier.holder != source;
    }
}
