package dev.claimant.servicebusserver;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A queue, subscription or dead-letter sub-queue: delivers what is stored, locks it, and ends what is locked. */
class MessageQueue {

    private static final long SEVENTEEN_MINUTES = 17 * 60_000L;

    final String name;
    final EntityOptions options;
    private final ServerClock clock;
    private final Set<Switch> switches;
    private final @Nullable MessageQueue deadLetters;
    final Changes changes;
    final MessageStore store;
    final Lanes lanes;
    private final LockTable locks;
    private final Dispatcher dispatcher = new Dispatcher(this::deliver);
    boolean isDisabled;

    /** @param deadLetters absent for a dead-letter queue */
    MessageQueue(
            String name,
            EntityOptions options,
            ServerClock clock,
            Set<Switch> switches,
            Changes changes,
            @Nullable MessageQueue deadLetters) {
        this.name = name;
        this.options = options;
        this.clock = clock;
        this.switches = switches;
        this.deadLetters = deadLetters;
        this.changes = changes;
        locks = new LockTable(changes);
        Lanes all = new Lanes(options, clock, changes);
        lanes = all;
        store = new MessageStore(
                options,
                clock,
                changes,
                message -> all.laneOf(message).available.put(message.sequence, message));
    }

    // ---- messages are delivered

    void add(Consumer consumer) {
        dispatcher.add(consumer);
    }

    /** @param isClosed by the client, in good order: the switches are about links that break */
    void remove(Consumer consumer, boolean isClosed) {
        if (!dispatcher.remove(consumer)) {
            return;
        }
        Lane lane = consumer.lane();
        if (options.requiresSession() && lane.holder == consumer) {
            lane.holder = null;
            if (isClosed || !switches.contains(Switch.SESSION_OUTLIVES_LINK)) {
                free(lane);
            }
        } else if (!isClosed && switches.contains(Switch.LOCKS_END_WITH_CONNECTION)) {
            locks.heldBy(consumer).forEach(message -> giveBack(message, true));
        }
        pump();
    }

    private void free(Lane lane) {
        lanes.unlock(lane);
        locks.of(lane).forEach(message -> giveBack(message, false));
    }

    /** All messages are back from disk, and no connection is. */
    void restored() {
        locks.restore(store.restored());
        if (options.requiresSession() && !switches.contains(Switch.SESSION_OUTLIVES_LINK)) {
            lanes.restored().forEach(this::free);
        } else if (!options.requiresSession() && switches.contains(Switch.LOCKS_END_WITH_CONNECTION)) {
            locks.all().forEach(message -> giveBack(message, true));
        }
    }

    void pump() {
        dispatcher.pump();
    }

    private void deliver(StoredMessage stored, Consumer consumer) {
        if (consumer.deletes()) {
            store.remove(stored);
        } else {
            lock(stored, consumer);
        }
        consumer.deliver(stored);
    }

    private void lock(StoredMessage stored, @Nullable Consumer consumer) {
        long now = clock.millis();
        long until = options.requiresSession()
                ? lanes.laneOf(stored).lockedUntil
                : now + options.lockDuration().toMillis();
        locks.lock(stored, consumer, now, until);
    }

    /** Locks deferred messages, or deletes them. */
    List<StoredMessage> receiveDeferred(List<Long> sequences, boolean delete) throws AmqpError {
        List<StoredMessage> found = store.deferred(sequences);
        for (StoredMessage stored : found) {
            if (delete) {
                store.remove(stored);
            } else {
                lock(stored, null);
            }
        }
        return found;
    }

    // ---- locks end

    /** @throws AmqpError with the lock lost */
    void settle(UUID token, Outcome outcome) throws AmqpError {
        StoredMessage stored = held(token);
        if (switches.contains(Switch.SETTLEMENT_REFUSED_AFTER_17_MINUTES)
                && clock.millis() - stored.firstLockedAt > SEVENTEEN_MINUTES) {
            throw AmqpError.lockLost(token, options.requiresSession());
        }
        stored.change(outcome.properties());
        switch (outcome.kind()) {
            case COMPLETE -> remove(stored);
            case ABANDON -> giveBack(stored, true);
            case RELEASE -> giveBack(stored, switches.contains(Switch.RELEASED_COUNTS));
            case DEFER -> {
                stored.state = StoredMessage.State.DEFERRED;
                locks.unlock(stored);
            }
            case DEAD_LETTER -> deadLetter(stored, outcome.reason(), outcome.description());
        }
        pump();
    }

    /** Returns until when the lock holds now. */
    long renew(UUID token) throws AmqpError {
        StoredMessage stored = held(token);
        locks.extend(stored, clock.millis() + options.lockDuration().toMillis());
        return stored.lockedUntil;
    }

    private StoredMessage held(UUID token) throws AmqpError {
        expire();
        StoredMessage stored = locks.find(token);
        if (stored == null) {
            throw AmqpError.lockLost(token, options.requiresSession());
        }
        return stored;
    }

    private void remove(StoredMessage stored) {
        locks.unlock(stored);
        store.remove(stored);
        lanes.laneOf(stored).available.remove(stored.sequence);
    }

    private void giveBack(StoredMessage stored, boolean counted) {
        locks.unlock(stored);
        if (counted) {
            stored.deliveryCount++;
        }
        if (counted && deadLetters != null && stored.deliveryCount >= options.maxDeliveryCount()) {
            deadLetter(
                    stored,
                    "MaxDeliveryCountExceeded",
                    "Message could not be consumed after " + options.maxDeliveryCount() + " delivery attempts.");
        } else if (stored.state == StoredMessage.State.ACTIVE) {
            lanes.laneOf(stored).available.put(stored.sequence, stored);
        }
    }

    private void deadLetter(StoredMessage stored, @Nullable String reason, @Nullable String description) {
        if (deadLetters == null) {
            giveBack(stored, false);
            return;
        }
        remove(stored);
        stored.givenUp(reason, description);
        deadLetters.store.takeOver(stored, name);
        deadLetters.pump();
    }

    // ---- time passes

    /** Ends locks that have run out, activates what is due, and expires what is too old. */
    void tick() {
        expire();
        for (StoredMessage expired : store.tick()) {
            if (options.deadLetterOnExpiration()) {
                deadLetter(expired, "TTLExpiredException", "The message expired and was dead lettered.");
            } else {
                remove(expired);
            }
        }
        pump();
    }

    void expire() {
        long now = clock.millis();
        if (options.requiresSession()) {
            lanes.endedBy(now).forEach(this::endSession);
        } else {
            locks.endedBy(now).forEach(message -> giveBack(message, true));
        }
    }

    private void endSession(Lane lane) {
        Consumer holder = lane.holder;
        lanes.unlock(lane);
        locks.of(lane).forEach(message -> giveBack(message, true));
        if (holder != null) {
            dispatcher.remove(holder);
            holder.sessionLost();
        }
    }

    /** The sessions as they are now. */
    Lanes lanes() {
        expire();
        return lanes;
    }

    /** Returns until when the session is locked now. */
    long renewSession(String session, String link) throws AmqpError {
        Lane lane = lanes().heldBy(link, session);
        lanes.extend(lane);
        locks.of(lane).forEach(message -> locks.extend(message, lane.lockedUntil));
        return lane.lockedUntil;
    }

    // ---- counts

    Counts counts() {
        long active = store.active(!switches.contains(Switch.LOCKED_NOT_ACTIVE));
        return new Counts(active, deadLetters == null ? 0 : deadLetters.store.size(), store.scheduled());
    }

    int locked() {
        return locks.size();
    }
}
