package dev.claimant.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The topics in which failed messages wait; none where the worker holds them.
 *
 * @param all the shortest delay first
 */
record RetryTiers(List<RetryTier> all) {

    static RetryTiers of(Collection<RetryTier> tiers) {
        return new RetryTiers(
                tiers.stream().sorted(Comparator.comparing(RetryTier::delay)).toList());
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<String> topics() {
        return all.stream().map(RetryTier::topic).toList();
    }

    /** Where a message waits that long: in the tier with the shortest delay that is enough, else in the last one. */
    RetryTier forDelay(Duration delay) {
        return all.stream()
                .filter(tier -> tier.delay().compareTo(delay) >= 0)
                .findFirst()
                .orElseGet(() -> all.get(all.size() - 1));
    }

    @Nullable RetryTier of(String topic) {
        return all.stream()
                .filter(tier -> tier.topic().equals(topic))
                .findFirst()
                .orElse(null);
    }
}
