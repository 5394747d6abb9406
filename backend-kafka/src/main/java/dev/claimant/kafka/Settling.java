package dev.claimant.kafka;

import dev.claimant.Settlement;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces, settles and renews, all by the same request: a commit of how far each partition has come. The broker takes it from a member of
 * the group only, so that one who was put out without knowing is told; a local check cannot know. As long as all goes well this thread
 * does other things while a commit is under way; each says all that is known, so that their order is that of the broker. On the polling thread only.
 */
final class Settling {

    private static final Logger log = LoggerFactory.getLogger(Settling.class);
    private static final Duration TRY = Duration.ofMillis(500);

    /** A second one would carry what waits for the first, and measured 0.64 to 0.89 of the rate (ADR 0069). */
    private static final int MOST_UNDER_WAY = 1;

    private final Consumer<byte[], byte[]> consumer;
    private final GroupBuffer buffer;
    private final CallQueue calls;
    private final boolean isPipelined;
    private final Deque<Commit> underWay = new ArrayDeque<>();
    private int limit;
    private boolean failing;

    /** What a commit under way has failed with, if asking again will not cure it. */
    private @Nullable RuntimeException problem;

    /**
     * For one membership.
     *
     * @param calls get back those that want another try
     * @param limit how many bytes of metadata the broker takes
     * @param isPipelined whether the client takes the answers in while this thread does something else
     */
    Settling(Consumer<byte[], byte[]> consumer, GroupBuffer buffer, CallQueue calls, int limit, boolean isPipelined) {
        this.consumer = consumer;
        this.buffer = buffer;
        this.calls = calls;
        this.limit = limit;
        this.isPipelined = isPipelined;
    }

    /** Whether the last commit was not taken, or is not answered for long: another one at once would fare no better. */
    boolean isFailing() {
        return failing || (!underWay.isEmpty() && underWay.element().isOlderThan(TRY.toNanos()));
    }

    boolean isUnderWay() {
        return !underWay.isEmpty();
    }

    /** Whether a commit can be begun, or one be waited for because nothing else is worth while. */
    boolean mayCommit() {
        return underWay.size() < MOST_UNDER_WAY || isFailing();
    }

    /** Waits for the commits under way, for no longer than this, and no longer than until this thread is woken. */
    void await(long nanos) {
        try {
            consumer.commitSync(Map.of(), Duration.ofMillis(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos))));
        } catch (WakeupException | TimeoutException e) {
            // there is something to do, or it takes longer
        }
    }

    /**
     * One commit for all that was asked for and all that is to be handed out.
     *
     * @param now whether to wait for the answer, though not for long: to a member that was put out the client gives none until a poll has told
     *     us so
     */
    void serve(List<Call> asked, boolean now) {
        List<Call> waiting = new ArrayList<>(asked);
        waiting.removeIf(Call::isAnsweredHere);
        if (now) {
            finishThoseUnderWay();
        }
        Commit commit = buffer.locked(() -> begin(waiting));
        try {
            if (commit.progress().isEmpty()) {
                end(commit, Verdict.APPLIED);
            } else if (isPipelined && !now && !isFailing()) {
                underWay.add(commit);
                consumer.commitAsync(commit.progress(), (said, e) -> answered(commit, e));
            } else {
                end(commit, commitNow(commit));
            }
        } catch (RuntimeException e) {
            underWay.remove(commit);
            buffer.run(() -> commit.fail(e));
            throw e;
        }
    }

    private void finishThoseUnderWay() {
        long deadline = System.nanoTime() + TRY.toNanos();
        while (isUnderWay() && deadline - System.nanoTime() > 0) {
            await(deadline - System.nanoTime());
        }
    }

    private Commit begin(List<Call> waiting) {
        Set<AssignedPartition> touched = new HashSet<>();
        waiting.forEach(call -> call.begin(item -> {
            touched.add(item.claim().assignment());
            mark(item);
        }));
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

    /** The client calls this within one of its methods, so nothing is thrown here. */
    private void answered(Commit commit, @Nullable Exception failure) {
        underWay.remove(commit);
        try {
            end(commit, failure == null ? Verdict.APPLIED : verdict(failure));
        } catch (RuntimeException e) {
            problem = e;
            failing = true;
            buffer.run(() -> commit.fail(e));
        }
    }

    private Verdict commitNow(Commit commit) {
        try {
            unwoken(() -> {
                consumer.commitSync(commit.progress(), TRY);
                return commit;
            });
            return Verdict.APPLIED;
        } catch (KafkaException e) {
            return verdict(e);
        }
    }

    private void end(Commit commit, Verdict verdict) {
        failing = verdict != Verdict.APPLIED;
        buffer.run(() -> commit.end(verdict).forEach(calls::add));
    }

    private Verdict verdict(Exception e) {
        if (e instanceof OffsetMetadataTooLarge) {
            limit = Math.max(1, limit / 2);
            log.warn(
                    "The broker takes less metadata with an offset than {} bytes (offset.metadata.max.bytes): fewer messages are claimed"
                            + " beyond an unfinished one from now on.",
                    limit * 2L);
            buffer.shrinkSpan(OffsetMarks.spanWithin(limit - TopicTag.LENGTH));
            return Verdict.UNKNOWN;
        }
        return KafkaErrors.verdict(e instanceof KafkaException known ? known : new KafkaException(e));
    }

    /** Throws what a commit under way has failed with, if that is no verdict. */
    void throwProblem() {
        RuntimeException thrown = problem;
        problem = null;
        if (thrown != null) {
            throw thrown;
        }
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
