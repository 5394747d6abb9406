package dev.claimant.servicebusserver;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** The messages of a queue, by sequence number: when they become active, and when they expire. */
final class MessageStore {

    private final EntityOptions options;
    private final ServerClock clock;
    private final Consumer<StoredMessage> activated;
    private final Changes changes;
    final SeenIds seenIds;
    private final NavigableMap<Long, StoredMessage> messages = new TreeMap<>();

    /** What time changes: messages that are scheduled or expire. */
    private final Set<StoredMessage> timed = new LinkedHashSet<>();

    private long lastSequence;

    /** @param activated what is done with a message that can be delivered from now on */
    MessageStore(EntityOptions options, ServerClock clock, Changes changes, Consumer<StoredMessage> activated) {
        this.options = options;
        this.clock = clock;
        this.changes = changes;
        this.activated = activated;
        seenIds = new SeenIds(options, changes);
    }

    /** Stores the message, unless it is a duplicate; returns its sequence number. */
    long add(Message message, long dueAt) {
        long now = clock.millis();
        if (seenIds.isDuplicate(message, now)) {
            return lastSequence;
        }
        StoredMessage stored =
                new StoredMessage(message, options.requiresSession() ? message.getGroupId() : "", ++lastSequence, now);
        put(stored);
        if (dueAt > now) {
            stored.state = StoredMessage.State.SCHEDULED;
            stored.dueAt = dueAt;
            timed.add(stored);
        } else {
            activate(stored);
        }
        return stored.sequence;
    }

    /** A dead letter keeps its sequence number, its count and its time. */
    void takeOver(StoredMessage dead, String source) {
        StoredMessage stored = new StoredMessage(dead.message, "", dead.sequence, dead.enqueuedAt);
        stored.deliveryCount = dead.deliveryCount;
        stored.deadLetterSource = source;
        put(stored);
        activated.accept(stored);
    }

    private void activate(StoredMessage stored) {
        long ttl = stored.message.getTtl();
        long most = options.timeToLive() == null
                ? Long.MAX_VALUE
                : options.timeToLive().toMillis();
        long lives = ttl > 0 ? Math.min(ttl, most) : most;
        stored.expiresAt = lives == Long.MAX_VALUE ? 0 : stored.enqueuedAt + lives;
        if (stored.expiresAt != 0) {
            timed.add(stored);
        }
        activated.accept(stored);
    }

    void put(StoredMessage stored) {
        messages.put(stored.sequence, stored);
        changes.message(stored.sequence);
    }

    @Nullable StoredMessage get(long sequence) {
        return messages.get(sequence);
    }

    void remove(StoredMessage stored) {
        forget(stored.sequence);
    }

    void forget(long sequence) {
        messages.remove(sequence);
        changes.message(sequence);
    }

    /** Removes scheduled messages. */
    void cancel(List<Long> sequences) throws AmqpError {
        for (Long sequence : sequences) {
            StoredMessage stored = messages.get(sequence);
            if (stored == null || stored.state != StoredMessage.State.SCHEDULED) {
                throw new AmqpError(
                        AmqpError.MESSAGE_NOT_FOUND, "No scheduled message with sequence number " + sequence);
            }
        }
        sequences.forEach(this::forget);
    }

    /** The deferred messages with these numbers that nobody has locked. */
    List<StoredMessage> deferred(List<Long> sequences) throws AmqpError {
        List<StoredMessage> found = new ArrayList<>();
        for (Long sequence : sequences) {
            StoredMessage stored = messages.get(sequence);
            if (stored == null || stored.state != StoredMessage.State.DEFERRED || stored.token != null) {
                throw new AmqpError(
                        AmqpError.MESSAGE_NOT_FOUND,
                        "Failed to lock one or more specified messages. The message does not exist: " + sequence);
            }
            found.add(stored);
        }
        return found;
    }

    List<StoredMessage> peek(long from, int count, @Nullable String session) {
        return messages.tailMap(from, true).values().stream()
                .filter(message -> session == null || message.sessionId.equals(session))
                .limit(count)
                .toList();
    }

    // ---- time passes

    /** Activates what is due; returns what has expired and is not locked. */
    List<StoredMessage> tick() {
        long now = clock.millis();
        List<StoredMessage> expired = new ArrayList<>();
        for (StoredMessage stored : List.copyOf(timed)) {
            if (messages.get(stored.sequence) != stored) {
                timed.remove(stored);
            } else if (stored.state == StoredMessage.State.SCHEDULED && stored.dueAt <= now) {
                activateAsNew(stored, now);
            } else if (stored.expiresAt != 0 && stored.expiresAt <= now && stored.token == null) {
                expired.add(stored);
            }
        }
        return expired;
    }

    /** As if it were sent now: with a new sequence number. */
    private void activateAsNew(StoredMessage stored, long now) {
        remove(stored);
        timed.remove(stored);
        stored.sequence = ++lastSequence;
        stored.enqueuedAt = now;
        stored.state = StoredMessage.State.ACTIVE;
        stored.isWritten = false; // under its new number it is not
        put(stored);
        activate(stored);
    }

    // ---- from disk

    long lastSequence() {
        return lastSequence;
    }

    void restoreLastSequence(long last) {
        lastSequence = last;
    }

    /** All messages are there again. Returns those that are locked; all are noted for the next write. */
    List<StoredMessage> restored() {
        seenIds.noteAll();
        List<StoredMessage> locked = new ArrayList<>();
        for (StoredMessage stored : messages.values()) {
            changes.message(stored.sequence);
            if (stored.state == StoredMessage.State.SCHEDULED || stored.expiresAt != 0) {
                timed.add(stored);
            }
            if (stored.token != null) {
                locked.add(stored);
            } else if (stored.state == StoredMessage.State.ACTIVE) {
                activated.accept(stored);
            }
        }
        return locked;
    }

    // ---- counts

    long active(boolean withLocked) {
        return messages.values().stream()
                .filter(message -> message.state == StoredMessage.State.ACTIVE && (withLocked || message.token == null))
                .count();
    }

    long scheduled() {
        return messages.values().stream()
                .filter(message -> message.state == StoredMessage.State.SCHEDULED)
                .count();
    }

    int size() {
        return messages.size();
    }
}
