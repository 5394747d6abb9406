package dev.claimant.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What topics are called such that one that is deleted and created again has another name. Thread-safe. */
final class TopicIds {

    private static final Logger log = LoggerFactory.getLogger(TopicIds.class);

    /** A topic that was made anew is noticed after so long where the group does not tell us. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final KafkaConfig config;
    private final Connections connections;
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private boolean isFresh;
    private int changes;
    private @Nullable KafkaFuture<Map<String, TopicDescription>> asked;
    private long askedAt = System.nanoTime();

    TopicIds(KafkaConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
    }

    /** The brokers have just said this. */
    synchronized void note(TopicDescription topic) {
        String name = topic.name() + "-" + topic.topicId();
        changes += name.equals(names.put(topic.name(), name)) ? 0 : 1;
    }

    /** All were noted just now: the first assignment need not ask. */
    synchronized void areFresh() {
        isFresh = true;
    }

    /**
     * What the topic is called, asked for anew at each assignment but the first; its plain name where that is not known. On a polling thread, so
     * not for long.
     */
    synchronized String name(String topic) {
        if (!isFresh || !names.containsKey(topic)) {
            note(connections.admin().describeTopics(List.of(topic)).allTopicNames(), 1);
        }
        isFresh = false;
        return known(topic);
    }

    /** The same as last heard. */
    String known(String topic) {
        return names.getOrDefault(topic, topic);
    }

    /** Asks now and then, and waits for nothing; returns how often a name has changed so far. */
    synchronized int look() {
        KafkaFuture<Map<String, TopicDescription>> answer = asked;
        if (answer != null && answer.isDone()) {
            note(answer, 0);
            asked = null;
        } else if (answer == null && System.nanoTime() - askedAt > LOOK_NANOS) {
            askedAt = System.nanoTime();
            asked = connections.admin().describeTopics(config.claimedTopics()).allTopicNames();
        }
        return changes;
    }

    private void note(KafkaFuture<Map<String, TopicDescription>> answer, int seconds) {
        try {
            answer.get(seconds, TimeUnit.SECONDS).values().forEach(this::note);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("the ids of the topics are not known anew", e);
        }
    }
}
