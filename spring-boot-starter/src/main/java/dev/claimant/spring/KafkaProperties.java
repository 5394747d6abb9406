package dev.claimant.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A source in Kafka.
 *
 * @param bootstrapServers host:port, several separated by commas; by default those of spring.kafka or of a service connection
 * @param group consumer group; the worker's name by default
 * @param topics topics to claim from; the worker's name by default
 * @param deadLetterTopic topic for given-up messages
 * @param retryTopic topics for messages that wait for their next attempt, by their delay: 30s: orders.retry
 * @param retryInPartition the longest delay that a message waits for in its partition
 * @param fromLatest whether a group without offsets begins at the end of the topics
 * @param lockLength how long a claim holds without a sign of life
 * @param revocationTimeout how long a revoked partition waits for its handlers
 * @param requestTimeout how long a request may take
 * @param maxAhead how many messages behind an unfinished one may be worked on
 * @param properties further properties of Kafka's consumer and producer
 */
record KafkaProperties(
        @Nullable String bootstrapServers,
        @Nullable String group,
        @Nullable List<String> topics,
        @Nullable String deadLetterTopic,
        @Nullable Map<Duration, String> retryTopic,
        @Nullable Duration retryInPartition,
        boolean fromLatest,
        @Nullable Duration lockLength,
        @Nullable Duration revocationTimeout,
        @Nullable Duration requestTimeout,
        @Nullable Integer maxAhead,
        @Nullable Map<String, String> properties) {}
