package dev.claimant.kafka;

import dev.claimant.Settlement;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces, settles and renews, all by the same request: a commit of how far each partition has come. The broker takes it from a member of
 * the group only, so that one who was put out without knowing is told; a local check cannot know. On the polling thread only.
 */
final class Settling {

    private static final Logger log = LoggerFactory.getLogger(Settling.class);

    /** Not for long: to a member that was put out the client gives no answer until a poll has told us so. */
    private static final Duration TRY = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final GroupBuffer buffer;
    private final CallQueue calls;
    private int limit;
    private boolean failing;

    /**
     * For one membership.
     *
     * @param calls get back those that want another try
     * @param limit how many bytes of metadata the broker takes
     */
    Settling(Consumer<byte[], byte[]> consumer, GroupBuffer buffer, CallQueue calls, int limit) {
        this.consumer = consumer;
        this.buffer = buffer;
        this.calls = calls;
        this.limit = limit;
    }

    /** Whether the last commit was not taken: another one at once would fare no better. */
    boolean isFailing() {
        return failing;
    }

    /** One commit for all that was asked for and all that is to be handed out. */
    void serve(List<Call> asked) {
        Commit commit = buffer.locked(() -> begin(asked));
        if (commit.progress().isEmpty()) {
            failing = false;
            return; // nothing changes: a claim that waits would be woken, and would wake this thread
        }
        failing = true;
        try {
            Verdict verdict = commit(commit.progress());
            failing = verdict != Verdict.APPLIED;
            buffer.run(() -> commit.end(verdict).forEach(calls::add));
        } catch (RuntimeException e) {
            buffer.run(() -> commit.fail(e));
            throw e;
        }
    }

    private Commit begin(List<Call> asked) {
        Set<AssignedPartition> touched = new HashSet<>();
        List<Call> waiting = new ArrayList<>();
        for (Call call : asked) {
            List<Call.Item> open = call.begin();
            for (Call.Item item : open) {
                touched.add(item.claim().assignment());
                mark(item);
            }
            if (!open.isEmpty()) {
                waiting.add(call);
            }
        }
        buffer.announce();
        touched.addAll(buffer.dirty());
        return new Commit(waiting, touched, limit);
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

    private Verdict commit(Map<TopicPartition, OffsetAndMetadata> progress) {
        try {
            ClientCalls.unwoken(() -> {
                consumer.commitSync(progress, TRY);
                return progress;
            });
            return Verdict.APPLIED;
        } catch (OffsetMetadataTooLarge e) {
            limit = Math.max(1, limit / 2);
            log.warn(
                    "The broker takes less metadata with an offset than {} bytes (offset.metadata.max.bytes): fewer messages are claimed"
                            + " beyond an unfinished one from now on.",
                    limit * 2L);
            buffer.shrinkSpan(OffsetMarks.spanWithin(limit - TopicTag.LENGTH));
            return Verdict.UNKNOWN;
        } catch (KafkaException e) {
            return KafkaErrors.verdict(e);
        }
    }
}
