package dev.claimant.kafka;

import dev.claimant.Settlement;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces, settles and renews, all by the same request: a commit of how far each partition has come. The broker takes it from a member of
 * the group only, so that one who was put out without knowing is told; a local check cannot know. On the polling thread only.
 */
final class Settling {

    private static final Logger log = LoggerFactory.getLogger(Settling.class);
    private static final Duration TRY = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final GroupBuffer buffer;
    private int limit;
    private boolean failing;

    /**
     * For one membership.
     *
     * @param limit how many bytes of metadata the broker takes
     */
    Settling(Consumer<byte[], byte[]> consumer, GroupBuffer buffer, int limit) {
        this.consumer = consumer;
        this.buffer = buffer;
        this.limit = limit;
    }

    /** Whether the last commit was not taken: another one at once would fare no better. */
    boolean isFailing() {
        return failing;
    }

    /**
     * One commit for all that was asked for and all that is to be handed out; returns the calls that want another try. A commit is not
     * waited for long: to a member that was put out it gives no answer until a poll has told us so.
     */
    List<Call> serve(List<Call> calls) {
        List<Call> waiting = new ArrayList<>(calls);
        waiting.removeIf(Call::isAnsweredHere);
        try {
            Set<AssignedPartition> touched = new HashSet<>();
            buffer.locked(() -> {
                waiting.forEach(call -> call.begin(item -> {
                    touched.add(item.claim().assignment());
                    mark(item);
                }));
                return touched;
            });
            buffer.announce();
            touched.addAll(buffer.dirty());
            Verdict verdict = commit(touched, TRY);
            long now = System.nanoTime();
            List<Call> leftOver = new ArrayList<>();
            List<Call> answered = new ArrayList<>();
            for (Call call : waiting) {
                (verdict == Verdict.UNKNOWN && call.deadline - now > 0 ? leftOver : answered).add(call);
            }
            buffer.run(() -> answered.forEach(call -> call.finish(verdict).forEach(item -> settle(item, verdict))));
            return leftOver;
        } catch (RuntimeException e) {
            waiting.forEach(call -> call.fail(e));
            throw e;
        }
    }

    /** What the commit is to say of it. */
    private static void mark(Call.Item item) {
        KafkaClaim claim = item.claim();
        if (claim.isEnded()) {
            return;
        }
        if (item.end() instanceof Settlement.Complete) {
            claim.assignment().done(claim);
        } else if (item.end() instanceof Settlement.Retry retry) {
            claim.assignment().tried(claim, claim.attempt(), retry.delay());
        } else if (item.end() instanceof Settlement.Release) {
            claim.assignment().tried(claim, claim.attempt() - 1, Duration.ZERO);
        }
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

    /** Tells the group how far these have come. */
    Verdict commit(Set<AssignedPartition> partitions, Duration within) {
        if (partitions.isEmpty()) {
            return Verdict.APPLIED;
        }
        Map<TopicPartition, OffsetAndMetadata> progress = new HashMap<>();
        buffer.locked(() -> {
            partitions.forEach(partition -> progress.put(partition.partition, partition.progress(limit)));
            return progress;
        });
        failing = true;
        try {
            unwoken(() -> {
                consumer.commitSync(progress, within);
                return progress;
            });
        } catch (OffsetMetadataTooLarge e) {
            limit = Math.max(1, limit / 2);
            log.warn(
                    "The broker takes less metadata with an offset than {} bytes (offset.metadata.max.bytes): fewer messages are claimed"
                            + " beyond an unfinished one from now on.",
                    limit * 2L);
            buffer.shrinkSpan(OffsetMarks.spanWithin(limit));
            return Verdict.UNKNOWN;
        } catch (KafkaException e) {
            return KafkaErrors.verdict(e);
        }
        failing = false;
        buffer.run(() -> partitions.forEach(AssignedPartition::committed));
        return Verdict.APPLIED;
    }

    /** A wake-up that was meant for a poll and came too late for it ends the next call instead: which is then done again. */
    static <T> T unwoken(Supplier<T> call) {
        T answer = null;
        while (answer == null) {
            answer = tried(call);
        }
        return answer;
    }

    private static <T> @Nullable T tried(Supplier<T> call) {
        try {
            return call.get();
        } catch (WakeupException e) {
            return null;
        }
    }
}
