package dev.claimant.kafka;

import dev.claimant.Backlog;
import dev.claimant.SourceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What there is to know of topics and groups without being a member. Thread-safe. */
final class Cluster implements AutoCloseable {

    private final KafkaConfig config;
    private final Admin admin;

    Cluster(KafkaConfig config) {
        this.config = config;
        Properties properties = new Properties();
        properties.putAll(config.properties());
        properties.put("bootstrap.servers", config.servers());
        this.admin = Admin.create(properties);
    }

    /** All that is wrong with the settings and only the brokers can tell. */
    List<String> problems() throws InterruptedException {
        List<String> problems = new ArrayList<>();
        for (String topic : config.topics()) {
            check(problems, "topics", topic);
        }
        if (config.deadLetterTopic() != null) {
            check(problems, "deadLetterTopic", config.deadLetterTopic());
        }
        return problems;
    }

    private void check(List<String> problems, String setting, String topic) throws InterruptedException {
        try {
            answer("check", admin.describeTopics(Set.of(topic)).allTopicNames());
        } catch (MissingException e) {
            problems.add(setting + ": topic '" + topic + "' does not exist");
        }
    }

    /** As KEDA's kafka scaler counts: from what the group has committed to the end of each partition. */
    Backlog backlog() throws InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        Map<String, TopicDescription> topics =
                answer("count", admin.describeTopics(config.topics()).allTopicNames());
        topics.forEach((topic, known) -> known.partitions()
                .forEach(p -> ends.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest())));
        Map<TopicPartition, OffsetAndMetadata> committed =
                answer("count", admin.listConsumerGroupOffsets(config.group()).partitionsToOffsetAndMetadata());
        long scaler = 0;
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                answer("count", admin.listOffsets(ends).all()).entrySet()) {
            OffsetAndMetadata known = committed.get(end.getKey());
            long last = end.getValue().offset();
            scaler += known == null ? (config.fromLatest() ? 1 : last) : Math.max(0, last - known.offset());
        }
        return Backlog.ofScaler(scaler);
    }

    private <T> T answer(String tried, KafkaFuture<T> question) throws InterruptedException {
        try {
            return question.get(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new MissingException(e);
            }
            throw KafkaErrors.failed(tried, config.group(), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw KafkaErrors.failed(tried, config.group(), e);
        }
    }

    private static final class MissingException extends SourceException {
        private static final long serialVersionUID = 1;

        MissingException(Throwable cause) {
            super("a topic does not exist: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        admin.close(config.requestTimeout());
    }
}
