package dev.claimant.kafka;

import dev.claimant.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link KafkaSource}. Immutable. */
public final class KafkaConfig {

    private static final Set<String> OURS = Set.of(
            "bootstrap.servers",
            "group.id",
            "auto.offset.reset",
            "enable.auto.commit",
            "max.poll.records",
            "partition.assignment.strategy",
            "transactional.id",
            "acks",
            "enable.idempotence",
            "key.deserializer",
            "value.deserializer");

    private final String servers;
    private final String group;
    private final List<String> topics;
    private final @Nullable String deadLetterTopic;
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

    /** Collects settings; {@link #build} checks them all at once. */
    public static final class Builder {

        private final String servers;
        private final String group;
        private final List<String> topics;
        private @Nullable String deadLetterTopic;
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

        /** How long joining, leaving, checking and counting may take, each; 30 s by default. */
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
            List<String> problems = new ArrayList<>();
            present(problems, "bootstrapServers", servers);
            present(problems, "group", group);
            if (topics.isEmpty()) {
                problems.add("topics: none given");
            }
            topics.forEach(topic -> present(problems, "topics", topic));
            if (deadLetterTopic != null && topics.contains(deadLetterTopic)) {
                problems.add("deadLetterTopic: '" + deadLetterTopic + "' is one of the topics that are worked on");
            }
            atLeastOneSecond(problems, "lockLength", lockLength);
            atLeastOneSecond(problems, "requestTimeout", requestTimeout);
            if (revocationTimeout.isNegative() || revocationTimeout.compareTo(maxPollInterval(problems)) >= 0) {
                problems.add("revocationTimeout: " + revocationTimeout + " is not between 0 and max.poll.interval.ms");
            }
            if (maxAhead < 1 || maxAhead > OffsetMarks.MAX_SPAN) {
                problems.add("maxAhead: " + maxAhead + " is not between 1 and " + OffsetMarks.MAX_SPAN);
            }
            properties.keySet().stream()
                    .filter(OURS::contains)
                    .forEach(name -> problems.add("property " + name + ": is set by the source itself"));
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            return new KafkaConfig(this);
        }

        private Duration maxPollInterval(List<String> problems) {
            String given = properties.getOrDefault("max.poll.interval.ms", "300000");
            try {
                return Duration.ofMillis(Long.parseLong(given));
            } catch (NumberFormatException e) {
                problems.add("property max.poll.interval.ms: '" + given + "' is no number of milliseconds");
                return Duration.ofDays(1);
            }
        }

        private static void present(List<String> problems, String setting, String value) {
            if (value.isBlank()) {
                problems.add(setting + ": '" + value + "' is blank");
            }
        }

        private static void atLeastOneSecond(List<String> problems, String setting, Duration value) {
            if (value.compareTo(Duration.ofSeconds(1)) < 0) {
                problems.add(setting + ": " + value + " is less than a second");
            }
        }
    }
}
