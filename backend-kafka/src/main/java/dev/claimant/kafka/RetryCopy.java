package dev.claimant.kafka;

import dev.claimant.Settlement.Retry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A failed message in a retry topic: the record as it came first, to the byte, and in headers what is known of it. The headers are ours alone:
 * they are not in {@link #original}, and a record that is copied again gets new ones.
 *
 * @param original the record as its topic had it
 * @param topicName what its topic was called in its idempotency key
 * @param tries that are over
 * @param deaths of workers that had begun it
 * @param due on the wall clock, in milliseconds: the delay that was asked for, or the tier's where that is longer
 * @param fence the highest fencing number that it had
 */
record RetryCopy(
        ConsumerRecord<byte[], byte[]> original, String topicName, int tries, int deaths, long due, long fence) {

    private static final String PREFIX = "claimant-retry-";
    private static final String TOPIC = PREFIX + "topic";
    private static final String TOPIC_NAME = PREFIX + "topic-name";
    private static final String PARTITION = PREFIX + "partition";
    private static final String OFFSET = PREFIX + "offset";
    private static final String LEADER_EPOCH = PREFIX + "leader-epoch";
    private static final String TIMESTAMP = PREFIX + "timestamp";
    private static final String TIMESTAMP_TYPE = PREFIX + "timestamp-type";
    private static final String TRIES = PREFIX + "tries";
    private static final String DEATHS = PREFIX + "deaths";
    private static final String DUE = PREFIX + "due";
    private static final String FENCE = PREFIX + "fence";
    private static final String ERROR = PREFIX + "error";
    private static final int LONGEST_ERROR = 2_000;

    /**
     * For the tier's topic: in the partition with the number of the original one, so that the workers share the retries as they share the
     * messages.
     *
     * @param partitions how many the tier's topic has
     * @param now on the wall clock, in milliseconds
     */
    static ProducerRecord<byte[], byte[]> write(Retry retry, RetryTier tier, int partitions, long now) {
        KafkaClaim claim = (KafkaClaim) retry.claim();
        ConsumerRecord<byte[], byte[]> original = claim.record();
        ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(
                tier.topic(), original.partition() % partitions, now, original.key(), original.value());
        original.headers().forEach(copy.headers()::add);
        Duration delay = retry.delay().compareTo(tier.delay()) < 0 ? tier.delay() : retry.delay();
        add(copy, TOPIC, original.topic());
        add(copy, TOPIC_NAME, claim.entry().topicName());
        add(copy, PARTITION, original.partition());
        add(copy, OFFSET, original.offset());
        original.leaderEpoch().ifPresent(epoch -> add(copy, LEADER_EPOCH, epoch));
        add(copy, TIMESTAMP, original.timestamp());
        add(copy, TIMESTAMP_TYPE, original.timestampType().name());
        add(copy, TRIES, claim.attempt());
        add(copy, DEATHS, claim.expiredLocks());
        add(copy, DUE, now + delay.toMillis());
        add(copy, FENCE, claim.fencingNumber().orElse(0));
        add(
                copy,
                ERROR,
                retry.error().substring(0, Math.min(LONGEST_ERROR, retry.error().length())));
        return copy;
    }

    private static void add(ProducerRecord<byte[], byte[]> copy, String name, Object value) {
        copy.headers().add(name, value.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What a record of a retry topic says; nothing if it is not one of our copies. */
    static Optional<RetryCopy> read(ConsumerRecord<byte[], byte[]> copy) {
        if (text(copy, DUE) == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RetryCopy(
                    original(copy),
                    required(copy, TOPIC_NAME),
                    (int) number(copy, TRIES),
                    (int) number(copy, DEATHS),
                    number(copy, DUE),
                    number(copy, FENCE)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ConsumerRecord<byte[], byte[]> original(ConsumerRecord<byte[], byte[]> copy) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : copy.headers()) {
            if (!header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        }
        return new ConsumerRecord<>(
                required(copy, TOPIC),
                (int) number(copy, PARTITION),
                number(copy, OFFSET),
                number(copy, TIMESTAMP),
                TimestampType.valueOf(required(copy, TIMESTAMP_TYPE)),
                copy.serializedKeySize(),
                copy.serializedValueSize(),
                copy.key(),
                copy.value(),
                headers,
                Optional.ofNullable(text(copy, LEADER_EPOCH)).map(Integer::valueOf));
    }

    private static long number(ConsumerRecord<byte[], byte[]> copy, String header) {
        return Long.parseLong(required(copy, header));
    }

    private static String required(ConsumerRecord<byte[], byte[]> copy, String header) {
        String text = text(copy, header);
        if (text == null) {
            throw new IllegalArgumentException("no header " + header);
        }
        return text;
    }

    private static @Nullable String text(ConsumerRecord<byte[], byte[]> copy, String name) {
        Header header = copy.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
