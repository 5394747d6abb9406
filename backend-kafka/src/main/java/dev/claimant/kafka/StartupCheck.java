package dev.claimant.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the brokers know of the settings: whether they can be used, what a topic is, and how much metadata a commit may carry. */
final class StartupCheck {

    private static final Logger log = LoggerFactory.getLogger(StartupCheck.class);
    private static final String METADATA_LIMIT = "offset.metadata.max.bytes";

    private final KafkaConfig config;
    private final Connections connections;
    private final TopicIds ids;
    private final Map<String, Integer> partitions = new ConcurrentHashMap<>();
    private volatile int metadataLimit = OffsetMarks.DEFAULT_LIMIT;
    private volatile @Nullable KafkaFuture<?> limitAsked;

    StartupCheck(KafkaConfig config, Connections connections, TopicIds ids) {
        this.config = config;
        this.connections = connections;
        this.ids = ids;
    }

    /** All that is wrong with the settings and only the brokers can tell; all questions are asked at once. */
    List<String> problems() throws InterruptedException {
        Admin admin = connections.admin();
        TreeSet<String> all = new TreeSet<>(config.claimedTopics());
        if (config.deadLetterTopic() != null) {
            all.add(config.deadLetterTopic());
        }
        Map<String, KafkaFuture<TopicDescription>> topics =
                admin.describeTopics(all).topicNameValues();
        Map<String, KafkaFuture<?>> groups = new TreeMap<>();
        config.subscriptions()
                .forEach(s -> groups.put(
                        s.group(), admin.listConsumerGroupOffsets(s.group()).partitionsToOffsetAndMetadata()));
        KafkaFuture<?> cluster = admin.describeCluster().nodes().thenApply(nodes -> {
            limitAsked = askForLimit(admin, nodes);
            return nodes;
        });
        List<String> problems = new ArrayList<>();
        for (String topic : config.topics()) {
            check(problems, "topics", topic, topics.get(topic));
        }
        if (config.deadLetterTopic() != null) {
            check(problems, "deadLetterTopic", config.deadLetterTopic(), topics.get(config.deadLetterTopic()));
        }
        for (RetryTier tier : config.retryTiers().all()) {
            check(problems, "retryTopic " + tier.topic(), tier.topic(), topics.get(tier.topic()));
        }
        checkTiers(problems, admin);
        for (Map.Entry<String, KafkaFuture<?>> group : groups.entrySet()) {
            checkGroup(problems, group.getKey(), failureOf(group.getValue()));
        }
        Throwable unreachable = failureOf(cluster);
        if (unreachable != null) {
            log.debug("the brokers are not known", unreachable);
        }
        if (problems.isEmpty() && config.properties().containsKey("isolation.level")) {
            new IsolationCheck(config, admin).warnings().forEach(log::warn);
        }
        ids.areFresh();
        return problems;
    }

    private void checkGroup(List<String> problems, String group, @Nullable Throwable refused) {
        if (refused == null || refused instanceof GroupIdNotFoundException) {
            return;
        }
        if (!KafkaErrors.isMisconfiguration(refused)) {
            throw KafkaErrors.failed("check", group, refused);
        }
        problems.add("group: '" + group + "' cannot be used: " + KafkaErrors.describe(refused)
                + "; the worker needs READ on the group");
    }

    private void check(
            List<String> problems, String setting, String topic, @Nullable KafkaFuture<TopicDescription> asked)
            throws InterruptedException {
        Throwable failure = asked == null
                ? new UnknownTopicOrPartitionException()
                : failureOf(asked.thenApply(known -> {
                    partitions.put(topic, known.partitions().size());
                    ids.note(known);
                    return known;
                }));
        if (failure == null) {
            return;
        }
        if (failure instanceof UnknownTopicOrPartitionException) {
            problems.add(setting + ": topic '" + topic + "' does not exist");
        } else if (failure instanceof TopicAuthorizationException) {
            problems.add(setting + ": topic '" + topic
                    + "' may not be described; the worker needs READ and DESCRIBE, or WRITE for"
                    + " the dead-letter topic, and all three for a retry topic");
        } else if (KafkaErrors.isMisconfiguration(failure)) {
            problems.add(setting + ": topic '" + topic + "' cannot be used: " + KafkaErrors.describe(failure));
        } else {
            throw KafkaErrors.failed("check topic '" + topic + "'", config.group(), failure);
        }
    }

    /** A copy goes to the partition with the number of the original one; and it must still be there when it is due. */
    private void checkTiers(List<String> problems, Admin admin) throws InterruptedException {
        int needed = config.topics().stream()
                .mapToInt(topic -> partitions.getOrDefault(topic, 0))
                .max()
                .orElse(0);
        for (RetryTier tier : config.retryTiers().all()) {
            Integer has = partitions.get(tier.topic());
            if (has == null) {
                continue; // is a problem already
            }
            String setting = "retryTopic " + tier.topic();
            if (has < needed) {
                problems.add(setting + ": has " + has + " partitions and needs " + needed
                        + ", as many as the topics that are worked on");
            }
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, tier.topic());
            Throwable unknown = failureOf(admin.describeConfigs(List.of(resource))
                    .all()
                    .thenApply(found -> found.get(resource))
                    .thenApply(found -> {
                        checkKept(problems, setting, tier, found);
                        return found;
                    }));
            if (unknown != null) {
                log.debug("how long {} keeps its records is not known", tier.topic(), unknown);
            }
        }
    }

    private static void checkKept(List<String> problems, String setting, RetryTier tier, Config topic) {
        ConfigEntry policy = topic.get("cleanup.policy");
        if (policy != null && policy.value() != null && policy.value().contains("compact")) {
            problems.add(setting + ": has cleanup.policy " + policy.value()
                    + ", which deletes messages with the same key before they are due; it must be delete");
        }
        ConfigEntry retention = topic.get("retention.ms");
        long kept = retention == null || retention.value() == null ? -1 : Long.parseLong(retention.value());
        if (kept >= 0 && kept <= tier.delay().toMillis()) {
            problems.add(setting + ": has retention.ms " + kept + ", which deletes messages before they are due, after "
                    + tier.delay());
        }
    }

    private @Nullable Throwable failureOf(KafkaFuture<?> asked) throws InterruptedException {
        try {
            asked.get(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (TimeoutException e) {
            return e;
        }
    }

    private KafkaFuture<?> askForLimit(Admin admin, Collection<Node> nodes) {
        return admin.describeConfigs(nodes.stream()
                        .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                        .toList())
                .all()
                .thenApply(found -> {
                    found.values().forEach(this::noteLimit);
                    return found;
                });
    }

    /** Without the right to ask, the default is assumed. */
    int metadataLimit() throws InterruptedException {
        KafkaFuture<?> asked = limitAsked;
        Throwable failure = asked == null ? null : failureOf(asked);
        if (failure != null) {
            log.debug("{} is not known", METADATA_LIMIT, failure);
        }
        return metadataLimit;
    }

    private void noteLimit(Config broker) {
        ConfigEntry limit = broker.get(METADATA_LIMIT);
        if (limit != null && limit.value() != null) {
            metadataLimit = Math.min(metadataLimit, Integer.parseInt(limit.value()));
        }
    }
}
