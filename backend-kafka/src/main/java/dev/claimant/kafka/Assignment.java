package dev.claimant.kafka;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a group has given us.
 *
 * @param topicName of the partition's topic, such that one that is made anew has another
 * @param tier whose topic it is, if it is a retry topic
 * @param epoch the group's, at the assignment
 */
record Assignment(
        String group,
        TopicPartition partition,
        String topicName,
        @Nullable RetryTier tier,
        int epoch) {

    /** Whether the topic is known to be called otherwise by now. */
    boolean isOfOldTopic(String name) {
        String plain = partition.topic();
        return !topicName.equals(name) && !topicName.equals(plain) && !name.equals(plain);
    }
}
