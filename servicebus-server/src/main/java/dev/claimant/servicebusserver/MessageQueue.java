package dev.claimant.servicebusserver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** The messages of a queue, subscription or dead-letter sub-queue: what is stored, locked, deferred and scheduled. */
final class MessageQueue {

    private static final long SEVENTEEN_MINUTES = 17 * 60_000L;

    final String name;
    final EntityOptions options;
    private final ServerClock clock;
    private final Set<Switch> switches;
    private final @Nullable MessageQueue deadLetters;
    private final NavigableMap<Long, StoredMessage> messages = new TreeMap<>();
    private final Map<UUID, StoredMessage> locked = new LinkedHashMap<>();
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Map<Object, Long> seenIds = new HashMap<>();
    private final List<Consumer> consumers = new ArrayList<>();

    /** What time changes: messages that are scheduled or expire. */
    private final Set<StoredMessage> timed = new LinkedHashSet<>();

    private long lastSequence;
    private boolean isPumping;
    boolean isDisabled;

    /** @param deadLetters absent for a dead-letter queue */
    MessageQueue(
            String name,
            EntityOptions options,
            ServerClock clock,
            Set<Switch> switches,
            @Nullable MessageQueue deadLetters) {
        this.name = name;
        this.options = options;
        this.clock = clock;
        this.switches = switches;
        this.deadLetters = deadLetters;
    }

    // ---- messages come

    /** @throws AmqpError if this queue refuses the message */
    void check(Message message, int bytes) throws AmqpError {
        if (bytes > options.maxMessageBytes()) {
            throw new AmqpError(
                    AmqpError.TOO_LARGE,
                    "The received message (size: " + bytes + ") exceeds the limit (" + options.maxMessageBytes()
                            + " bytes) of '" + name + "'.");
        }
        if (options.requiresSession() && message.getGroupId() == null) {
            throw new AmqpError(AmqpError.NOT_ALLOWED, "The SessionId was not set on a message for '" + name + "'.");
        }
    }

    /** Stores the message, unless it is a duplicate; returns its sequence number. */
    long enqueue(Message message) {
        return enqueue(message, Encoding.scheduledAt(message));
    }

    long enqueue(Message message, long dueAt) {
        long now = clock.millis();
        if (options.duplicateWindow() != null && message.getMessageId() != null) {
            seenIds.values().removeIf(until -> until <= now);
            if (seenIds.putIfAbsent(
                            message.getMessageId(),
                            now + options.duplicateWindow().toMillis())
                    != null) {
                return lastSequence;
            }
        }
        StoredMessage stored =
                new StoredMessage(message, options.requiresSession() ? message.getGroupId() : "", ++lastSequence, now);
        messages.put(stored.sequence, stored);
        if (dueAt > now) {
            stored.state = StoredMessage.State.SCHEDULED;
            stored.dueAt = dueAt;
            timed.add(stored);
        } else {
            arrived(stored);
        }
        return stored.sequence;
    }

    private void arrived(StoredMessage stored) {
        long ttl = stored.message.getTtl();
        long most = options.timeToLive() == null
                ? Long.MAX_VALUE
                : options.timeToLive().toMillis();
        long lives = ttl > 0 ? Math.min(ttl, most) : most;
        stored.expiresAt = lives == Long.MAX_VALUE ? 0 : stored.enqueuedAt + lives;
        if (stored.expiresAt != 0) {
            timed.add(stored);
        }
        makeAvailable(stored);
    }

    private void makeAvailable(StoredMessage stored) {
        lane(stored.sessionId).available.put(stored.sequence, stored);
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
        sequences.forEach(messages::remove);
    }

    // ---- messages are delivered

    void add(Consumer consumer) {
        consumers.add(consumer);
    }

    /** @param isClosed by the client, in good order: then its session is free whatever the switches say */
    void remove(Consumer consumer, boolean isClosed) {
        if (!consumers.remove(consumer)) {
            return;
        }
        Lane lane = consumer.lane();
        if (options.requiresSession() && lane.holder == consumer) {
            lane.holder = null;
            if (isClosed || !switches.contains(Switch.SESSION_OUTLIVES_LINK)) {
                lane.unlock();
                lockedOf(lane).forEach(message -> giveBack(message, false));
            }
        } else if (switches.contains(Switch.LOCKS_END_WITH_LINK)) {
            locked.values().stream()
                    .filter(message -> message.holder == consumer)
                    .toList()
                    .forEach(message -> giveBack(message, true));
        }
        pump();
    }

    /** Delivers what can be delivered, to the consumers in turn. */
    void pump() {
        if (isPumping) {
            return;
        }
        isPumping = true;
        try {
            boolean hasMoved = true;
            while (hasMoved) {
                hasMoved = false;
                for (Consumer consumer : List.copyOf(consumers)) {
                    var next = consumer.credit() > 0 ? consumer.lane().available.pollFirstEntry() : null;
                    if (next != null) {
                        deliver(next.getValue(), consumer);
                        hasMoved = true;
                    }
                }
            }
        } finally {
            isPumping = false;
        }
        if (consumers.size() > 1) {
            Collections.rotate(consumers, 1);
        }
    }

    private void deliver(StoredMessage stored, Consumer consumer) {
        if (consumer.deletes()) {
            messages.remove(stored.sequence);
        } else {
            lock(stored, consumer);
        }
        consumer.deliver(stored);
    }

    private UUID lock(StoredMessage stored, @Nullable Consumer consumer) {
        long now = clock.millis();
        UUID token = UUID.randomUUID();
        stored.token = token;
        stored.holder = consumer;
        stored.firstLockedAt = now;
        stored.lockedUntil = options.requiresSession()
                ? lane(stored.sessionId).lockedUntil
                : now + options.lockDuration().toMillis();
        locked.put(token, stored);
        return token;
    }

    /** Locks deferred messages, or deletes them. */
    List<StoredMessage> receiveDeferred(List<Long> sequences, boolean delete) throws AmqpError {
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
        for (StoredMessage stored : found) {
            if (delete) {
                messages.remove(stored.sequence);
            } else {
                lock(stored, null);
            }
        }
        return found;
    }

    List<StoredMessage> peek(long from, int count, @Nullable String session) {
        return messages.tailMap(from, true).values().stream()
                .filter(message -> session == null || message.sessionId.equals(session))
                .limit(count)
                .toList();
    }

    // ---- locks end

    /** @throws AmqpError with the lock lost */
    void settle(UUID token, Outcome outcome) throws AmqpError {
        StoredMessage stored = held(token);
        if (switches.contains(Switch.SETTLEMENT_REFUSED_AFTER_17_MINUTES)
                && clock.millis() - stored.firstLockedAt > SEVENTEEN_MINUTES) {
            throw lockLost(token);
        }
        if (!outcome.properties().isEmpty()) {
            setProperties(stored, outcome.properties());
        }
        switch (outcome.kind()) {
            case COMPLETE -> remove(stored);
            case ABANDON -> giveBack(stored, true);
            case RELEASE -> giveBack(stored, switches.contains(Switch.RELEASED_COUNTS));
            case DEFER -> {
                unlock(stored);
                stored.state = StoredMessage.State.DEFERRED;
            }
            case DEAD_LETTER -> deadLetter(stored, outcome.reason(), outcome.description());
        }
        pump();
    }

    /** Returns until when the lock holds now. */
    long renew(UUID token) throws AmqpError {
        StoredMessage stored = held(token);
        stored.lockedUntil = clock.millis() + options.lockDuration().toMillis();
        return stored.lockedUntil;
    }

    private StoredMessage held(UUID token) throws AmqpError {
        expire();
        StoredMessage stored = locked.get(token);
        if (stored == null) {
            throw lockLost(token);
        }
        return stored;
    }

    private AmqpError lockLost(UUID token) {
        return options.requiresSession()
                ? new AmqpError(
                        AmqpError.SESSION_LOCK_LOST,
                        "The session lock has expired on the MessageSession. Accept a new MessageSession.")
                : new AmqpError(
                        AmqpError.LOCK_LOST,
                        "The lock supplied is invalid. Either the lock expired, or the message has already been removed"
                                + " from the queue: " + token);
    }

    private void unlock(StoredMessage stored) {
        if (stored.token != null) {
            locked.remove(stored.token);
            stored.unlock();
        }
    }

    private void remove(StoredMessage stored) {
        unlock(stored);
        messages.remove(stored.sequence);
        lane(stored.sessionId).available.remove(stored.sequence);
    }

    private void giveBack(StoredMessage stored, boolean counted) {
        unlock(stored);
        if (counted) {
            stored.deliveryCount++;
        }
        if (counted && deadLetters != null && stored.deliveryCount >= options.maxDeliveryCount()) {
            deadLetter(
                    stored,
                    "MaxDeliveryCountExceeded",
                    "Message could not be consumed after " + options.maxDeliveryCount() + " delivery attempts.");
        } else if (stored.state == StoredMessage.State.ACTIVE) {
            makeAvailable(stored);
        }
    }

    private void deadLetter(StoredMessage stored, @Nullable String reason, @Nullable String description) {
        if (deadLetters == null) {
            giveBack(stored, false);
            return;
        }
        remove(stored);
        Map<String, Object> properties = new LinkedHashMap<>();
        if (reason != null) {
            properties.put("DeadLetterReason", reason);
        }
        if (description != null) {
            properties.put("DeadLetterErrorDescription", description);
        }
        setProperties(stored, properties);
        deadLetters.takeOver(stored, name);
    }

    /** A dead letter keeps its sequence number, its count and its time. */
    private void takeOver(StoredMessage dead, String source) {
        StoredMessage stored = new StoredMessage(dead.message, "", dead.sequence, dead.enqueuedAt);
        stored.deliveryCount = dead.deliveryCount;
        stored.deadLetterSource = source;
        messages.put(stored.sequence, stored);
        makeAvailable(stored);
        pump();
    }

    private static void setProperties(StoredMessage stored, Map<String, Object> changes) {
        Map<String, Object> properties = new LinkedHashMap<>();
        ApplicationProperties given = stored.message.getApplicationProperties();
        if (given != null && given.getValue() != null) {
            properties.putAll(given.getValue());
        }
        properties.putAll(changes);
        stored.message.setApplicationProperties(new ApplicationProperties(properties));
    }

    // ---- time passes

    /** Ends locks that have run out, activates what is due, and expires what is too old. */
    void tick() {
        expire();
        long now = clock.millis();
        for (StoredMessage stored : List.copyOf(timed)) {
            if (messages.get(stored.sequence) != stored) {
                timed.remove(stored);
            } else if (stored.state == StoredMessage.State.SCHEDULED && stored.dueAt <= now) {
                activate(stored, now);
            } else if (stored.expiresAt != 0 && stored.expiresAt <= now && stored.token == null) {
                if (options.deadLetterOnExpiration()) {
                    deadLetter(stored, "TTLExpiredException", "The message expired and was dead lettered.");
                } else {
                    remove(stored);
                }
            }
        }
        pump();
    }

    /** As if it were sent now: with a new sequence number. */
    private void activate(StoredMessage stored, long now) {
        messages.remove(stored.sequence);
        timed.remove(stored);
        stored.sequence = ++lastSequence;
        stored.enqueuedAt = now;
        stored.state = StoredMessage.State.ACTIVE;
        messages.put(stored.sequence, stored);
        arrived(stored);
    }

    private void expire() {
        long now = clock.millis();
        if (options.requiresSession()) {
            lanes.values().stream()
                    .filter(lane -> lane.isLocked && lane.lockedUntil <= now)
                    .toList()
                    .forEach(this::endSession);
            return;
        }
        Collection<StoredMessage> ended = locked.values().stream()
                .filter(message -> message.lockedUntil <= now)
                .toList();
        ended.forEach(message -> giveBack(message, true));
    }

    private void endSession(Lane lane) {
        Consumer holder = lane.holder;
        lane.unlock();
        lockedOf(lane).forEach(message -> giveBack(message, true));
        if (holder != null) {
            consumers.remove(holder);
            holder.sessionLost();
        }
    }

    private List<StoredMessage> lockedOf(Lane lane) {
        return locked.values().stream()
                .filter(message -> message.sessionId.equals(lane.sessionId))
                .toList();
    }

    // ---- sessions

    /** The lane of all messages of a queue without sessions. */
    Lane onlyLane() {
        return lane("");
    }

    Lane lane(String session) {
        return lanes.computeIfAbsent(session, Lane::new);
    }

    /** A session that is free: the named one, or the next that has messages; absent while there is none. */
    @Nullable Lane freeSession(@Nullable String session) throws AmqpError {
        expire();
        if (session != null) {
            Lane lane = lane(session);
            if (lane.isLocked) {
                throw new AmqpError(
                        AmqpError.SESSION_CANNOT_BE_LOCKED,
                        "The requested session '" + session + "' cannot be accepted. It may be locked by another"
                                + " receiver.");
            }
            return lane;
        }
        Iterator<Lane> all = lanes.values().iterator();
        while (all.hasNext()) {
            Lane lane = all.next();
            if (!lane.isLocked && !lane.available.isEmpty()) {
                return lane;
            }
        }
        return null;
    }

    void lockSession(Lane lane, Consumer holder) {
        lane.isLocked = true;
        lane.holder = holder;
        lane.lockedUntil = clock.millis() + options.lockDuration().toMillis();
        lanes.remove(lane.sessionId); // the one that was served last is the last in turn
        lanes.put(lane.sessionId, lane);
    }

    /** @param link the name of the link that says it has the session */
    long renewSession(String session, String link) throws AmqpError {
        Lane lane = heldSession(session);
        if (lane.holder != null && !lane.holder.name().equals(link)) {
            throw new AmqpError(
                    AmqpError.SESSION_LOCK_LOST, "The session '" + session + "' is locked by another receiver.");
        }
        lane.lockedUntil = clock.millis() + options.lockDuration().toMillis();
        lockedOf(lane).forEach(message -> message.lockedUntil = lane.lockedUntil);
        return lane.lockedUntil;
    }

    Lane heldSession(String session) throws AmqpError {
        expire();
        Lane lane = lane(session);
        if (!lane.isLocked) {
            throw new AmqpError(
                    AmqpError.SESSION_LOCK_LOST,
                    "The session lock has expired on the MessageSession. Accept a new MessageSession.");
        }
        return lane;
    }

    // ---- counts

    long active() {
        boolean withLocked = !switches.contains(Switch.LOCKED_NOT_ACTIVE);
        return messages.values().stream()
                .filter(message -> message.state == StoredMessage.State.ACTIVE && (withLocked || message.token == null))
                .count();
    }

    Counts counts() {
        long scheduled = messages.values().stream()
                .filter(message -> message.state == StoredMessage.State.SCHEDULED)
                .count();
        return new Counts(active(), deadLetters == null ? 0 : deadLetters.messages.size(), scheduled);
    }

    int locked() {
        return locked.size();
    }

    Collection<StoredMessage> stored() {
        return messages.values();
    }
}
