package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.KafkaLag;
import dev.claimant.sample.keda.Reading;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** KEDA's {@code kafka} scaler of one topic: the summed lag of a group, capped by the partitions. Used by one thread. */
public final class KafkaScaler implements Scaler {

    private static final long TIMEOUT_SECONDS = 10;

    private final Trigger trigger;
    private final String topic;
    private final String group;
    private final Admin admin;

    /**
     * Asks as the trigger says.
     *
     * @param clients how the brokers are reached
     */
    public KafkaScaler(Trigger trigger, Map<String, String> clients) {
        this.trigger = trigger;
        this.topic = Objects.requireNonNull(trigger.metadata().get("topic"));
        this.group = Objects.requireNonNull(trigger.metadata().get("consumerGroup"));
        this.admin = Admin.create(Map.copyOf(clients));
    }

    @Override
    public Reading read() throws IOException {
        try {
            int partitions = answer(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                    .mapToInt(description -> description.partitions().size())
                    .sum();
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int partition = 0; partition < partitions; partition++) {
                ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed =
                    answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
            long lag = 0;
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                    answer(admin.listOffsets(ends).all()).entrySet()) {
                lag += lag(end.getValue().offset(), committed.get(end.getKey()));
            }
            return new Reading(trigger, KafkaLag.reported(lag, (long) trigger.target(), partitions));
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("cannot count what group " + group + " has to do in topic " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Of a partition without a commit KEDA takes the whole log, or 1 where the policy is latest. */
    private long lag(long end, @Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            return "earliest".equals(trigger.metadata().get("offsetResetPolicy")) ? end : 1;
        }
        return end - committed.offset();
    }

    private static <T> T answer(KafkaFuture<T> question)
            throws InterruptedException, ExecutionException, TimeoutException {
        return question.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        admin.close();
    }
}
