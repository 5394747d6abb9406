package dev.claimant.servicebusserver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** The queues, topics and subscriptions of the namespace, by their paths; upper and lower case are the same. */
final class Entities {

    static final String DEAD_LETTERS = "/$deadletterqueue";
    static final String SUBSCRIPTIONS = "/subscriptions/";

    private final ServerClock clock;
    private final Set<Switch> switches;
    private final Parts parts;
    private final boolean areOnDisk;
    private final Map<String, MessageQueue> queues = new LinkedHashMap<>();

    /** The subscriptions of each topic. */
    private final Map<String, List<MessageQueue>> topics = new LinkedHashMap<>();

    /** Whether there are others, or with other settings, since the last write to disk. */
    boolean haveChanged;

    Entities(ServerClock clock, Set<Switch> switches, Parts parts, boolean areOnDisk) {
        this.clock = clock;
        this.switches = switches;
        this.parts = parts;
        this.areOnDisk = areOnDisk;
    }

    /**
     * Adds a queue or a subscription. One that is there already with the same settings stays as it is.
     *
     * @param path of a subscription: {@code <topic>/subscriptions/<name>}
     */
    MessageQueue add(String path, EntityOptions options) {
        MessageQueue present = find(path);
        if (present != null) {
            if (!present.options.equals(options)) {
                throw new IllegalArgumentException(path + " exists with other settings: " + present.options);
            }
            return present;
        }
        int end = key(path).indexOf(SUBSCRIPTIONS);
        List<MessageQueue> subscriptions = end < 0 ? new ArrayList<>() : topics.get(key(path.substring(0, end)));
        if (subscriptions == null) {
            throw new IllegalArgumentException("no topic for " + path);
        }
        EntityOptions plain = EntityOptions.defaults().lockDuration(options.lockDuration());
        MessageQueue dead =
                parts.queue(path + "/$DeadLetterQueue", plain, clock, switches, new Changes(areOnDisk), null);
        MessageQueue queue = parts.queue(path, options, clock, switches, new Changes(areOnDisk), dead);
        queues.put(key(path), queue);
        queues.put(key(path) + DEAD_LETTERS, dead);
        subscriptions.add(queue);
        haveChanged = true;
        return queue;
    }

    void addTopic(String name) {
        topics.putIfAbsent(key(name), new ArrayList<>());
        haveChanged = true;
    }

    void remove(String path) {
        MessageQueue removed = queues.remove(key(path));
        queues.remove(key(path) + DEAD_LETTERS);
        topics.values().forEach(subscriptions -> subscriptions.remove(removed));
        haveChanged = true;
    }

    static String key(String path) {
        return path.toLowerCase(Locale.ROOT);
    }

    void setDisabled(String path, boolean isDisabled) {
        get(path).isDisabled = isDisabled;
        haveChanged = true;
    }

    /** For callers that know it is there. */
    MessageQueue get(String path) {
        return Objects.requireNonNull(find(path), path);
    }

    @Nullable MessageQueue find(String path) {
        return queues.get(key(path));
    }

    MessageQueue queue(String path) throws AmqpError {
        MessageQueue queue = find(path);
        if (queue == null) {
            throw new AmqpError(
                    AmqpError.NOT_FOUND, "The messaging entity '" + path + "' could not be found. Resource not found.");
        }
        if (queue.isDisabled) {
            throw new AmqpError(AmqpError.ENTITY_DISABLED, "Messaging entity '" + path + "' is currently disabled.");
        }
        return queue;
    }

    /** Where a message for this path is stored: in a queue, or in each subscription of a topic. */
    List<MessageQueue> targets(String path) throws AmqpError {
        List<MessageQueue> subscriptions = topics.get(key(path));
        return subscriptions != null ? subscriptions : List.of(queue(path));
    }

    /** Stores the messages, all or none, and returns their sequence numbers. */
    List<Long> send(String path, List<byte[]> received) throws AmqpError {
        List<byte[]> encoded = parts.received(received);
        List<MessageQueue> targets = targets(path);
        List<Long> sequences = new ArrayList<>();
        for (MessageQueue target : targets) {
            for (byte[] bytes : encoded) {
                target.options.check(target.name, Encoding.decode(bytes), bytes.length);
            }
        }
        for (MessageQueue target : targets) {
            sequences.clear();
            for (byte[] bytes : encoded) {
                Message copy = Encoding.decode(bytes);
                sequences.add(target.store.add(copy, Encoding.scheduledAt(copy)));
            }
            target.pump();
        }
        return sequences;
    }

    List<String> topics() {
        return List.copyOf(topics.keySet());
    }

    List<MessageQueue> withoutDeadLetters() {
        return queues.entrySet().stream()
                .filter(entry -> !entry.getKey().endsWith(DEAD_LETTERS))
                .map(Map.Entry::getValue)
                .toList();
    }

    List<MessageQueue> all() {
        return List.copyOf(queues.values());
    }
}
