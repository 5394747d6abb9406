package dev.claimant.kafka;

import dev.claimant.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The partitions that a group has given us. Needs the lock of {@link DeliveryBuffer}. */
final class AssignedPartitions {

    private final Map<TopicPartition, AssignedPartition> partitions = new HashMap<>();

    /** Whose turn it is to give first: each partition its share. */
    private final List<AssignedPartition> turns = new ArrayList<>();

    private int span;

    AssignedPartitions(int span) {
        this.span = span;
    }

    boolean isEmpty() {
        return turns.isEmpty();
    }

    List<TopicPartition> names() {
        return List.copyOf(partitions.keySet());
    }

    @Nullable AssignedPartition get(TopicPartition partition) {
        return partitions.get(partition);
    }

    void add(AssignedPartition partition) {
        partitions.put(partition.partition, partition);
        turns.add(partition);
    }

    /** In the order in which they give. */
    List<AssignedPartition> turns() {
        return turns;
    }

    int sum(ToIntFunction<AssignedPartition> number) {
        int sum = 0;
        for (AssignedPartition partition : turns) {
            sum += number.applyAsInt(partition);
        }
        return sum;
    }

    /** How far beyond the first unfinished message of a partition one may be claimed. */
    int span() {
        return span;
    }

    void shrinkSpan(int smaller) {
        span = Math.min(span, smaller);
    }

    /** How many messages there are to hand out, offered ones included. */
    int available() {
        return sum(partition -> partition.available(span));
    }

    int offered() {
        return sum(AssignedPartition::offered);
    }

    /** Claims, until there are this many; those who give go to the end of the line. */
    void hand(int demand, List<Claim> claims) {
        for (int i = 0; i < turns.size() && claims.size() < demand; i++) {
            AssignedPartition partition = turns.remove(0);
            turns.add(partition);
            partition.hand(demand, claims);
        }
    }

    /** From now on these hand out nothing; what is claimed in them. */
    List<Claim> withdraw(Collection<TopicPartition> of) {
        List<Claim> claims = new ArrayList<>();
        for (AssignedPartition partition : known(of)) {
            partition.withdraw();
            claims.addAll(partition.claims());
        }
        return claims;
    }

    /** Not ours any more; what was still claimed in them. */
    List<Claim> remove(Collection<TopicPartition> of) {
        List<Claim> claims = withdraw(of);
        for (AssignedPartition partition : known(of)) {
            partition.close();
            partitions.remove(partition.partition);
            turns.remove(partition);
        }
        return claims;
    }

    /** Those of them that are ours. */
    List<AssignedPartition> known(Collection<TopicPartition> of) {
        List<AssignedPartition> known = new ArrayList<>();
        for (TopicPartition partition : of) {
            AssignedPartition found = partitions.get(partition);
            if (found != null) {
                known.add(found);
            }
        }
        return known;
    }
}
