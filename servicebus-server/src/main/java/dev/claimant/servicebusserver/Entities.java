package dev.claimant.servicebusserver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** The queues, topics and subscriptions of the namespace, by their paths; upper and lower case are the same. */
final class Entities {

    static final String DEAD_LETTERS = "/$deadletterqueue";

    private final ServerClock clock;
    private final Set<Switch> switches;
    private final Map<String, MessageQueue> queues = new LinkedHashMap<>();

    /** The subscriptions of each topic. */
    private final Map<String, List<MessageQueue>> topics = new LinkedHashMap<>();

    Entities(ServerClock clock, Set<Switch> switches) {
        this.clock = clock;
        this.switches = switches;
    }

    MessageQueue addQueue(String name, EntityOptions options) {
        EntityOptions plain = EntityOptions.defaults().lockDuration(options.lockDuration());
        MessageQueue dead = new MessageQueue(name + "/$DeadLetterQueue", plain, clock, switches, null);
        MessageQueue queue = new MessageQueue(name, options, clock, switches, dead);
        queues.put(key(name), queue);
        queues.put(key(name) + DEAD_LETTERS, dead);
        return queue;
    }

    void addTopic(String name) {
        topics.putIfAbsent(key(name), new ArrayList<>());
    }

    void addSubscription(String topic, String name, EntityOptions options) {
        List<MessageQueue> subscriptions = topics.get(key(topic));
        if (subscriptions == null) {
            throw new IllegalArgumentException("no topic " + topic);
        }
        subscriptions.add(addQueue(topic + "/subscriptions/" + name, options));
    }

    void remove(String name) {
        queues.remove(key(name));
        queues.remove(key(name) + DEAD_LETTERS);
    }

    static String key(String path) {
        return path.toLowerCase(Locale.ROOT);
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
    List<Long> send(String path, List<byte[]> encoded, long dueAt) throws AmqpError {
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
                sequences.add(target.store.add(copy, dueAt > 0 ? dueAt : Encoding.scheduledAt(copy)));
            }
            target.pump();
        }
        return sequences;
    }

    List<MessageQueue> all() {
        return List.copyOf(queues.values());
    }
}
