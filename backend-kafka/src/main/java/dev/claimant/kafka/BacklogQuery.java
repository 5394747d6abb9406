package dev.claimant.kafka;

import dev.claimant.Backlog;
import dev.claimant.kafka.OffsetMarks.Mark;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
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
import org.jspecify.annotations.Nullable;

/** Counts as KEDA's kafka scaler counts, and what of that is true: finished messages beyond an unfinished one count for KEDA. */
final class BacklogQuery implements AutoCloseable {

    private final KafkaConfig config;
    private final Connections connections;
    private final OldestMessage oldest;

    BacklogQuery(KafkaConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
        this.oldest = new OldestMessage(config, connections);
    }

    /** From what the group has committed to the end of each partition; without the parts where it has committed nothing yet. */
    Backlog backlog() throws InterruptedException {
        Admin admin = connections.admin();
        List<KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> asked = config.subscriptions().stream()
                .map(s -> admin.listConsumerGroupOffsets(s.group()).partitionsToOffsetAndMetadata())
                .toList();
        Map<String, TopicDescription> topics =
                answer(admin.describeTopics(config.claimedTopics()).allTopicNames());
        long now = System.currentTimeMillis();
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        Map<TopicPartition, OffsetSpec> firstNotDue = new HashMap<>();
        topics.forEach((topic, known) -> {
            RetryTier tier = config.retryTiers().of(topic);
            known.partitions().forEach(p -> {
                TopicPartition partition = new TopicPartition(topic, p.partition());
                ends.put(partition, OffsetSpec.latest());
                if (tier != null) {
                    long copied = Math.max(0, now - tier.delay().toMillis());
                    firstNotDue.put(partition, OffsetSpec.forTimestamp(copied + 1));
                }
            });
        });
        KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> last =
                admin.listOffsets(ends).all();
        Map<TopicPartition, ListOffsetsResultInfo> waiting = firstNotDue.isEmpty()
                ? Map.of()
                : answer(admin.listOffsets(firstNotDue).all());
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        for (KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> group : asked) {
            committed.putAll(answer(group));
        }
        Count count = new Count(now);
        answer(last).forEach((partition, end) -> {
            ListOffsetsResultInfo notDue = waiting.get(partition);
            count.add(
                    partition,
                    end.offset(),
                    committed.get(partition),
                    notDue == null || notDue.offset() < 0 ? end.offset() : notDue.offset());
        });
        return count.backlog();
    }

    private final class Count {
        private final long now;
        private final Map<TopicPartition, Long> unfinished = new HashMap<>();
        private final Map<String, Long> furtherTriggers = new TreeMap<>();
        private long scaler;
        private long done;
        private long begun;
        private long delayed;
        private boolean isWhole = true;

        Count(long now) {
            this.now = now;
            config.retryTiers().all().forEach(tier -> furtherTriggers.put(tier.topic(), 0L));
        }

        /**
         * One partition.
         *
         * @param firstNotDue from here on its messages wait; the end where none does
         */
        void add(TopicPartition partition, long end, @Nullable OffsetAndMetadata known, long firstNotDue) {
            boolean isRetry = furtherTriggers.containsKey(partition.topic());
            long lag;
            if (known == null) {
                lag = config.fromLatest() && !isRetry ? 1 : end;
                isWhole = false;
            } else {
                lag = Math.max(0, end - known.offset());
                delayed += Math.max(0, end - Math.max(firstNotDue, known.offset()));
                OffsetMarks.read(known.offset(), known.metadata()).values().forEach(this::add);
                if (lag > 0) {
                    unfinished.put(partition, known.offset());
                }
            }
            if (isRetry) {
                furtherTriggers.merge(partition.topic(), lag, Long::sum);
            } else {
                scaler += lag;
            }
        }

        private void add(Mark mark) {
            done += mark.done() ? 1 : 0;
            begun += mark.begun() ? 1 : 0;
            delayed += TimeUnit.SECONDS.toMillis(mark.due()) > now ? 1 : 0;
        }

        Backlog backlog() {
            if (!isWhole) {
                return new Backlog(
                        scaler,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        false,
                        furtherTriggers,
                        Optional.empty());
            }
            long all = scaler
                    + furtherTriggers.values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
            return new Backlog(
                    scaler,
                    OptionalLong.of(Math.max(0, all - done - begun - delayed)),
                    OptionalLong.of(begun),
                    config.retryTiers().isEmpty() ? OptionalLong.empty() : OptionalLong.of(delayed),
                    OptionalLong.empty(),
                    false,
                    furtherTriggers,
                    oldest.enqueuedAt(unfinished).map(at -> Duration.ofMillis(Math.max(0, now - at.toEpochMilli()))));
        }
    }

    @Override
    public void close() {
        oldest.close();
    }

    private <T> T answer(KafkaFuture<T> question) throws InterruptedException {
        try {
            return question.get(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw KafkaErrors.failed("count", config.group(), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw KafkaErrors.failed("count", config.group(), e);
        }
    }
}
