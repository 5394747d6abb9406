package dev.claimant.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether {@code isolation.level} read_uncommitted, where it was set, lets messages through that a transaction may take back. */
final class IsolationCheck {

    private static final Logger log = LoggerFactory.getLogger(IsolationCheck.class);

    private final KafkaConfig config;
    private final Admin admin;

    IsolationCheck(KafkaConfig config, Admin admin) {
        this.config = config;
        this.admin = admin;
    }

    /** A warning for each topic to which producers write, or wrote lately, in transactions; the brokers are asked only where it matters. */
    List<String> warnings() throws InterruptedException {
        String level = config.properties().getOrDefault("isolation.level", "read_committed");
        if (!level.equalsIgnoreCase("read_uncommitted")) {
            return List.of();
        }
        try {
            List<String> warnings = new ArrayList<>();
            for (String topic : transactionalTopics()) {
                warnings.add("property isolation.level: is read_uncommitted, and producers write to topic '" + topic
                        + "' in transactions: messages are handled that a transaction takes back later. Remove the property"
                        + " unless that is meant");
            }
            return warnings;
        } catch (ExecutionException | TimeoutException e) {
            log.debug("whether producers write in transactions is not known", e);
            return List.of();
        }
    }

    private Set<String> transactionalTopics() throws InterruptedException, ExecutionException, TimeoutException {
        long within = config.requestTimeout().toMillis();
        Map<String, TopicDescription> topics =
                admin.describeTopics(config.topics()).allTopicNames().get(within, TimeUnit.MILLISECONDS);
        List<TopicPartition> partitions = topics.values().stream()
                .flatMap(topic -> topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition())))
                .toList();
        Map<TopicPartition, PartitionProducerState> states =
                admin.describeProducers(partitions).all().get(within, TimeUnit.MILLISECONDS);
        Set<String> transactional = new TreeSet<>();
        states.forEach((partition, state) -> {
            if (state.activeProducers().stream().anyMatch(IsolationCheck::isTransactional)) {
                transactional.add(partition.topic());
            }
        });
        return transactional;
    }

    /** The coordinator of transactions has written a marker for it, or one is going on. */
    private static boolean isTransactional(ProducerState producer) {
        return producer.coordinatorEpoch().isPresent()
                || producer.currentTransactionStartOffset().isPresent();
    }
}
