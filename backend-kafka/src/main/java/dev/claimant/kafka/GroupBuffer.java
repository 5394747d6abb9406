package dev.claimant.kafka;

import dev.claimant.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The part of a {@link DeliveryBuffer} that one of the worker's groups fills. For the polling thread of that group. Thread-safe. */
final class GroupBuffer {

    private final DeliveryBuffer all;
    private final AssignedPartitions partitions;

    /**
     * Empty.
     *
     * @param partitions those that {@code all} hands out, besides others'
     */
    GroupBuffer(DeliveryBuffer all, AssignedPartitions partitions) {
        this.all = all;
        this.partitions = partitions;
    }

    void shrinkSpan(int smaller) {
        run(() -> partitions.shrinkSpan(smaller));
    }

    /** The partitions whose messages are wanted: not those of which no more could be handed out. */
    List<TopicPartition> wanted() {
        return locked(() -> {
            int span = partitions.span();
            boolean isEnough = partitions.available() >= all.target();
            List<TopicPartition> wanted = new ArrayList<>();
            for (AssignedPartition partition : partitions.turns()) {
                if (!isEnough && !partition.isFull(span) && !partition.isTooEarly()) {
                    wanted.add(partition.partition);
                }
            }
            return wanted;
        });
    }

    /** Whether something is wanted, and as much is here. */
    boolean hasEnough() {
        return locked(() -> all.target() > 0 && partitions.available() >= all.target());
    }

    /** For how long the partition has been full that has become so last; beyond all times if none is. After {@link #heldBack}. */
    long fullNanos(long now) {
        return locked(() -> {
            long shortest = Long.MAX_VALUE;
            for (AssignedPartition partition : partitions.turns()) {
                shortest = Math.min(shortest, partition.fullNanos(now));
            }
            return shortest;
        });
    }

    /** What to report of partitions that have been full for long. */
    List<String> heldBack(long now) {
        return locked(() -> {
            List<String> reports = new ArrayList<>();
            for (AssignedPartition partition : partitions.turns()) {
                String report = partition.heldBack(partitions.span(), now);
                if (report != null) {
                    reports.add(report);
                }
            }
            return reports;
        });
    }

    /** Says of as many messages as are wanted that they are begun; takes back those that nobody wants any more. */
    void announce() {
        locked(() -> {
            if (all.target() == 0 && partitions.offered() > 0) {
                partitions.turns().forEach(AssignedPartition::takeBack);
            }
            int missing = all.missing(partitions);
            for (AssignedPartition partition : partitions.turns()) {
                missing -= partition.announce(Math.max(0, missing), partitions.span());
            }
            return missing;
        });
    }

    /** Whether a turn of the polling thread would bring a waiting claim something that is here already. */
    boolean hasWork() {
        return locked(() -> {
            for (AssignedPartition partition : partitions.turns()) {
                if (partition.isDirty()) {
                    return true;
                }
            }
            return partitions.available() > partitions.offered() && all.missing(partitions) > 0;
        });
    }

    /** Whether nothing is claimed and nothing will be, and the group knows it all. */
    boolean isDrained() {
        return locked(
                () -> all.isStopped() && partitions.turns().stream().allMatch(p -> p.holdsNothing() && !p.isDirty()));
    }

    /** The partitions that are assigned to us of topics which have another name by now. */
    Set<TopicPartition> ofOldTopics(UnaryOperator<String> names) {
        return locked(() -> partitions.turns().stream()
                .filter(each -> each.isOfOldTopic(names.apply(each.partition.topic())))
                .map(each -> each.partition)
                .collect(Collectors.toSet()));
    }

    boolean has(TopicPartition partition) {
        return get(partition) != null;
    }

    @Nullable AssignedPartition get(TopicPartition partition) {
        return locked(() -> partitions.get(partition));
    }

    void add(AssignedPartition partition) {
        run(() -> {
            partitions.add(partition);
            all.signalGiven();
        });
    }

    /** Waits until the group has given us a partition, or nothing is claimed any more; returns whether there is one. */
    boolean awaitPartition(long waitNanos) throws InterruptedException {
        return all.awaitGiven(waitNanos, () -> !partitions.isEmpty());
    }

    List<AssignedPartition> dirty() {
        return locked(() ->
                partitions.turns().stream().filter(AssignedPartition::isDirty).toList());
    }

    /** From now on these hand out nothing; what is claimed in them. */
    List<Claim> withdraw(Collection<TopicPartition> of) {
        return locked(() -> partitions.withdraw(of));
    }

    boolean holdNothing(Collection<TopicPartition> of) {
        return locked(() -> partitions.known(of).stream().allMatch(AssignedPartition::holdsNothing));
    }

    /** What is still held in these was not begun. */
    void letGo(Collection<TopicPartition> of) {
        run(() -> partitions.known(of).forEach(AssignedPartition::letGo));
    }

    /** Not ours any more; what was still claimed in them. */
    List<Claim> remove(Collection<TopicPartition> of) {
        return locked(() -> partitions.remove(of));
    }

    List<TopicPartition> all() {
        return locked(partitions::names);
    }

    void failed(@Nullable RuntimeException problem) {
        all.failed(problem);
    }

    void died(Error problem) {
        all.died(problem);
    }

    <T extends @Nullable Object> T locked(Supplier<T> action) {
        return all.locked(action);
    }

    /** Changes something, and lets waiting claims see. */
    void run(Runnable action) {
        all.run(action);
    }
}
