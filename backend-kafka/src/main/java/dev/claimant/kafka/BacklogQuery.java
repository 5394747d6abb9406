package dev.claimant.kafka;

import dev.claimant.Backlog;
import dev.claimant.kafka.OffsetMarks.Mark;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

/** Counts as KEDA's kafka scaler counts, and what of that is true: finished messages beyond an unfinished one count for KEDA. */
final class BacklogQuery {

    private final KafkaConfig config;
    private final Connections connections;

    BacklogQuery(KafkaConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
    }

    /** From what the group has committed to the end of each partition; without the parts where it has committed nothing yet. */
    Backlog backlog() throws InterruptedException {
        Admin admin = connections.admin();
        KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> asked =
                admin.listConsumerGroupOffsets(config.group()).partitionsToOffsetAndMetadata();
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        Map<String, TopicDescription> topics =
                answer(admin.describeTopics(config.topics()).allTopicNames());
        topics.forEach((topic, known) -> known.partitions()
                .forEach(p -> ends.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest())));
        KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> last =
                admin.listOffsets(ends).all();
        Map<TopicPartition, OffsetAndMetadata> committed = answer(asked);
        Count count = new Count();
        answer(last).forEach((partition, end) -> count.add(end.offset(), committed.get(partition)));
        return count.backlog();
    }

    private final class Count {
        private long scaler;
        private long done;
        private long begun;
        private boolean isWhole = true;

        void add(long end, @org.jspecify.annotations.Nullable OffsetAndMetadata known) {
            if (known == null) {
                scaler += config.fromLatest() ? 1 : end;
                isWhole = false;
                return;
            }
            scaler += Math.max(0, end - known.offset());
            for (Mark mark : OffsetMarks.read(known.offset(), known.metadata()).values()) {
                done += mark.done() ? 1 : 0;
                begun += mark.begun() ? 1 : 0;
            }
        }

        Backlog backlog() {
            if (!isWhole) {
                return Backlog.ofScaler(scaler);
            }
            return new Backlog(
                    scaler,
                    OptionalLong.of(Math.max(0, scaler - done - begun)),
                    OptionalLong.of(begun),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    false,
                    Map.of(),
                    Optional.empty());
        }
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
