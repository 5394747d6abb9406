package dev.claimant.kafka;

import dev.claimant.Settlement;
import dev.claimant.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** One commit: how far partitions have come, for calls that wait for its verdict. Needs the lock of {@link DeliveryBuffer}. */
final class Commit {

    private final List<Call> calls;
    private final Collection<AssignedPartition> partitions;
    private final Map<TopicPartition, OffsetAndMetadata> progress = new HashMap<>();

    Commit(List<Call> calls, Collection<AssignedPartition> partitions, int metadataLimit) {
        this.calls = calls;
        this.partitions = partitions;
        for (AssignedPartition partition : partitions) {
            progress.put(partition.partition, partition.say(metadataLimit));
        }
    }

    Map<TopicPartition, OffsetAndMetadata> progress() {
        return progress;
    }

    /** Writes the verdict down, and answers the calls; returns those that want another try. */
    List<Call> end(Verdict verdict) {
        partitions.forEach(verdict == Verdict.APPLIED ? AssignedPartition::committed : AssignedPartition::notCommitted);
        List<Call> again = new ArrayList<>();
        long now = System.nanoTime();
        for (Call call : calls) {
            if (verdict == Verdict.UNKNOWN && call.deadline - now > 0) {
                again.add(call);
            } else {
                call.finish(verdict).forEach(item -> settle(item, verdict));
            }
        }
        return again;
    }

    private static void settle(Call.Item item, Verdict committed) {
        if (committed == Verdict.LOST) {
            item.claim().lose();
        } else if (committed == Verdict.APPLIED && item.end() != null) {
            item.claim().commit();
            if (!(item.end() instanceof Settlement.Complete)) {
                item.claim().assignment().back(item.claim());
            }
        }
    }

    /** No broker can answer it. */
    void fail(RuntimeException problem) {
        partitions.forEach(AssignedPartition::notCommitted);
        calls.forEach(call -> call.fail(problem));
    }
}
