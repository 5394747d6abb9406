package dev.claimant.kafka;

import dev.claimant.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link KafkaSource}. Immutable. */
public final class KafkaConfig {

    private final String servers;
    private final String group;
    private final List<String> topics;
    private final @Nullable String deadLetterTopic;
    private final RetryTiers retryTiers;
    private final Duration retryInPartition;
    private final boolean fromLatest;
    private final Duration lockLength;
    private final Duration revocationTimeout;
    private final Duration requestTimeout;
    private final int maxAhead;
    private final Map<String, String> properties;

    private KafkaConfig(Builder builder) {
        servers = builder.servers;
        group = builder.group;
        topics = List.copyOf(builder.topics);
        deadLetterTopic = builder.deadLetterTopic;
        retryTiers = RetryTiers.of(builder.retryTiers);
        retryInPartition = builder.retryInPartition;
        fromLatest = builder.fromLatest;
        lockLength = builder.lockLength;
        revocationTimeout = builder.revocationTimeout;
        requestTimeout = builder.requestTimeout;
        maxAhead = builder.maxAhead;
        properties = Map.copyOf(builder.properties);
    }

    /**
     * Settings with defaults.
     *
     * @param bootstrapServers host:port, several separated by commas
     * @param group the consumer group: all workers with the same group share the messages
     * @param topics at least one
     */
    public static Builder group(String bootstrapServers, String group, String... topics) {
        return new Builder(bootstrapServers, group, List.of(topics));
    }

    String servers() {
        return servers;
    }

    String group() {
        return group;
    }

    List<String> topics() {
        return topics;
    }

    @Nullable String deadLetterTopic() {
        return deadLetterTopic;
    }

    RetryTiers retryTiers() {
        return retryTiers;
    }

    /**
     * What the worker reads, its messages first. Retries have a group of their own: one group would share out the partitions of all topics by
     * number, and give some workers nothing but retries.
     */
    List<Subscription> subscriptions() {
        List<Subscription> all = new ArrayList<>(List.of(new Subscription(group, topics)));
        if (!retryTiers.isEmpty()) {
            all.add(new Subscription(group + "-retry", retryTiers.topics()));
        }
        return all;
    }

    List<String> claimedTopics() {
        return subscriptions().stream().flatMap(s -> s.topics().stream()).toList();
    }

    Duration retryInPartition() {
        return retryInPartition;
    }

    boolean fromLatest() {
        return fromLatest;
    }

    Duration lockLength() {
        return lockLength;
    }

    Duration revocationTimeout() {
        return revocationTimeout;
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    int maxAhead() {
        return maxAhead;
    }

    Map<String, String> properties() {
        return properties;
    }

    boolean isClassic() {
        return "classic".equalsIgnoreCase(properties.get("group.protocol"));
    }

    /** Collects settings; {@link #build} checks them all at once. */
    public static final class Builder {

        private final String servers;
        private final String group;
        private final List<String> topics;
        private @Nullable String deadLetterTopic;
        private final List<RetryTier> retryTiers = new ArrayList<>();
        private Duration retryInPartition = Duration.ofSeconds(10);
        private boolean fromLatest;
        private Duration lockLength = Duration.ofSeconds(45);
        private Duration revocationTimeout = Duration.ofSeconds(3);
        private Duration requestTimeout = Duration.ofSeconds(30);
        private int maxAhead = OffsetMarks.MAX_SPAN;
        private final Map<String, String> properties = new TreeMap<>();

        private Builder(String servers, String group, List<String> topics) {
            this.servers = servers;
            this.group = group;
            this.topics = topics;
        }

        /** Where messages go that are given up; without, the worker refuses to start unless attempts are unlimited. */
        public Builder deadLetterTopic(String topic) {
            deadLetterTopic = topic;
            return this;
        }

        /**
         * One more topic in which failed messages wait for their next try: those whose delay is longer than {@link #retryInPartition} go to the
         * topic with the shortest delay that is enough. A delay beyond the longest waits in that one's topic and holds its partition back. Needs as
         * many partitions as the topics that are worked on. Workers that keep order, and Jobs, hold failed messages all the same.
         *
         * @param delay how long messages wait in this topic, a second at least
         */
        public Builder retryTopic(Duration delay, String topic) {
            retryTiers.add(new RetryTier(delay, topic));
            return this;
        }

        /**
         * Up to which delay a failed message waits in its partition though there are retry topics, 10 s by default and ten minutes at most. Meanwhile
         * its partition goes on beside it, up to {@link #maxAhead} messages: at high rates choose less.
         */
        public Builder retryInPartition(Duration longest) {
            retryInPartition = longest;
            return this;
        }

        /** A group that never committed begins with what comes next; by default it begins with the oldest message. */
        public Builder fromLatest() {
            fromLatest = true;
            return this;
        }

        /**
         * How long the group keeps a member that is silent: what the brokers' {@code group.consumer.session.timeout.ms} says, 45 s by
         * default here and there. A worker that hears nothing for as long gives up its claims.
         */
        public Builder lockLength(Duration length) {
            lockLength = length;
            return this;
        }

        /**
         * How long handlers may go on when their partition is to be taken away, 3 s by default. Then they are interrupted and the message
         * goes to the next owner, so that what they have done may be done twice: an inbox prevents that. Meanwhile this worker begins with
         * no other message, and the next owner waits: keep it short. Well below {@code max.poll.interval.ms}, after which the group puts
         * this member out.
         */
        public Builder revocationTimeout(Duration timeout) {
            revocationTimeout = timeout;
            return this;
        }

        /**
         * How long joining, leaving, checking and counting may take, each; 30 s by default. A Job joins until it has a partition: the others take
         * some seconds to give one up.
         */
        public Builder requestTimeout(Duration timeout) {
            requestTimeout = timeout;
            return this;
        }

        /**
         * How far beyond the first unfinished message of a partition one may be claimed: 1,000 by default, which is the most, and less where
         * the broker takes less metadata. One slow message holds its partition back after as many others. KEDA counts all of them until
         * the slow one is done, so that its number can be too high by as many per partition.
         */
        public Builder maxAhead(int messages) {
            maxAhead = messages;
            return this;
        }

        /** A setting of Kafka's clients, for security above all; goes to all of them. Those that the source sets itself are refused. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /**
         * The settings, checked.
         *
         * @throws ConfigurationException naming every setting that cannot be used
         */
        public KafkaConfig build() {
            KafkaConfig config = new KafkaConfig(this);
            List<String> problems = new SettingsCheck(config).problems();
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            return config;
        }
    }
}
