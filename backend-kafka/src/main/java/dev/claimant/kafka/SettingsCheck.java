package dev.claimant.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with settings as far as no broker is needed to tell. */
final class SettingsCheck {

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

    private final KafkaConfig config;
    private final List<String> problems = new ArrayList<>();

    SettingsCheck(KafkaConfig config) {
        this.config = config;
    }

    /** All of them, each with its setting's name and value. */
    List<String> problems() {
        present("bootstrapServers", config.servers());
        present("group", config.group());
        if (config.topics().isEmpty()) {
            problems.add("topics: none given");
        }
        config.topics().forEach(topic -> present("topics", topic));
        if (config.deadLetterTopic() != null && config.topics().contains(config.deadLetterTopic())) {
            problems.add("deadLetterTopic: '" + config.deadLetterTopic() + "' is one of the topics that are worked on");
        }
        checkRetries();
        atLeastOneSecond("lockLength", config.lockLength());
        atLeastOneSecond("requestTimeout", config.requestTimeout());
        Duration revocationTimeout = config.revocationTimeout();
        if (revocationTimeout.isNegative() || revocationTimeout.compareTo(maxPollInterval()) >= 0) {
            problems.add("revocationTimeout: " + revocationTimeout + " is not between 0 and max.poll.interval.ms");
        }
        if (config.maxAhead() < 1 || config.maxAhead() > OffsetMarks.MAX_SPAN) {
            problems.add("maxAhead: " + config.maxAhead() + " is not between 1 and " + OffsetMarks.MAX_SPAN);
        }
        config.properties().keySet().stream()
                .filter(OURS::contains)
                .forEach(name -> problems.add("property " + name + ": is set by the source itself"));
        return problems;
    }

    private void checkRetries() {
        Duration inPartition = config.retryInPartition();
        if (inPartition.isNegative() || inPartition.compareTo(OffsetMarks.LONGEST_DELAY) > 0) {
            problems.add("retryInPartition: " + inPartition + " is not between 0 and " + OffsetMarks.LONGEST_DELAY);
        }
        Set<String> taken = new HashSet<>(config.topics());
        if (config.deadLetterTopic() != null) {
            taken.add(config.deadLetterTopic());
        }
        Set<Duration> delays = new HashSet<>();
        for (RetryTier tier : config.retryTiers().all()) {
            String setting = "retryTopic " + tier.topic();
            present(setting, tier.topic());
            atLeastOneSecond(setting, tier.delay());
            if (!taken.add(tier.topic())) {
                problems.add(setting + ": is another retry topic, one of the topics that are worked on, or the"
                        + " dead-letter topic");
            }
            if (!delays.add(tier.delay())) {
                problems.add(setting + ": another retry topic has the delay " + tier.delay() + ", too");
            }
            if (tier.delay().compareTo(inPartition) <= 0) {
                problems.add(setting + ": " + tier.delay() + " is not longer than retryInPartition, " + inPartition
                        + ": no message would go there");
            }
        }
    }

    private Duration maxPollInterval() {
        String given = config.properties().getOrDefault("max.poll.interval.ms", "300000");
        try {
            return Duration.ofMillis(Long.parseLong(given));
        } catch (NumberFormatException e) {
            problems.add("property max.poll.interval.ms: '" + given + "' is no number of milliseconds");
            return Duration.ofDays(1);
        }
    }

    private void present(String setting, String value) {
        if (value.isBlank()) {
            problems.add(setting + ": '" + value + "' is blank");
        }
    }

    private void atLeastOneSecond(String setting, Duration value) {
        if (value.compareTo(Duration.ofSeconds(1)) < 0) {
            problems.add(setting + ": " + value + " is less than a second");
        }
    }
}
