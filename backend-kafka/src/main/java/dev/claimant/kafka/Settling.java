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
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Settles and renews, all by the same request: a commit of how far each partition has come. The broker takes it from a member of the
 * group only, so that one who was put out without knowing is told; a local check cannot know. On the polling thread only.
 */
final class Settling {

    private static final Duration TRY = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final Assignments assignments;
    private final long silenceNanos;
    private long lastAnswer = System.nanoTime();

    /**
     * For one membership.
     *
     * @param silence after this long without a word from the group, it has put us out
     */
    Settling(Consumer<byte[], byte[]> consumer, Assignments assignments, Duration silence) {
        this.consumer = consumer;
        this.assignments = assignments;
        this.silenceNanos = silence.toNanos();
    }

    /**
     * Answers all of them by one commit; those that want another try are left over. A commit is not waited for long: to a member that was
     * put out it gives no answer until a poll has told us so.
     */
    List<Call> serve(List<Call> calls) {
        try {
            Set<Ledger> touched = new HashSet<>();
            assignments.run(() -> calls.forEach(call -> begin(call, touched)));
            Verdict verdict = commit(touched, TRY);
            long now = System.nanoTime();
            List<Call> leftOver = new ArrayList<>(calls);
            leftOver.removeIf(call -> verdict != Verdict.UNKNOWN || call.deadline - now <= 0);
            List<Call> answered = new ArrayList<>(calls);
            answered.removeAll(leftOver);
            assignments.run(() -> answered.forEach(call -> finish(call, verdict)));
            return leftOver;
        } catch (RuntimeException e) {
            calls.forEach(call -> call.fail(e));
            return List.of();
        }
    }

    private static void begin(Call call, Set<Ledger> touched) {
        List<Verdict> before = call.standing;
        List<Verdict> standing = new ArrayList<>(call.items.size());
        for (int i = 0; i < call.items.size(); i++) {
            Call.Item item = call.items.get(i);
            boolean knownLost = before != null && before.get(i) == Verdict.LOST;
            boolean again = before != null || item.repeated();
            Verdict verdict = knownLost ? Verdict.LOST : item.claim().ledger().standing(item.claim(), again);
            standing.add(verdict);
            if (verdict == Verdict.APPLIED) {
                touched.add(item.claim().ledger());
                mark(item);
            }
        }
        call.standing = standing;
    }

    /** What the commit is to say of it. */
    private static void mark(Call.Item item) {
        KafkaClaim claim = item.claim();
        if (claim.ended()) {
            return;
        }
        if (isFinal(item.end())) {
            claim.ledger().done(claim);
        } else if (item.end() instanceof Settlement.Retry) {
            claim.ledger().tried(claim, claim.attempt());
        } else if (item.end() instanceof Settlement.Release) {
            claim.ledger().tried(claim, claim.attempt() - 1);
        }
    }

    private void finish(Call call, Verdict committed) {
        boolean silent = committed == Verdict.UNKNOWN && System.nanoTime() - lastAnswer > silenceNanos;
        List<Verdict> verdicts = new ArrayList<>(call.standing == null ? List.of() : call.standing);
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i) == Verdict.APPLIED) {
                Call.Item item = call.items.get(i);
                verdicts.set(i, silent ? Verdict.LOST : committed);
                if (silent || (committed == Verdict.APPLIED && item.end() != null && !isFinal(item.end()))) {
                    item.claim().ledger().back(item.claim());
                }
            }
        }
        call.answer(verdicts);
    }

    private static boolean isFinal(@Nullable Settlement end) {
        return end instanceof Settlement.Complete || end instanceof Settlement.DeadLetter;
    }

    /** Tells the group how far these have come. */
    Verdict commit(Set<Ledger> ledgers, Duration within) {
        Map<TopicPartition, OffsetAndMetadata> progress = new HashMap<>();
        assignments.run(() -> {
            ledgers.forEach(ledger -> progress.put(ledger.partition, ledger.progress()));
        });
        if (progress.isEmpty()) {
            return Verdict.LOST;
        }
        long askedAt = System.nanoTime();
        try {
            unwoken(() -> {
                consumer.commitSync(progress, within);
                return progress;
            });
            lastAnswer = askedAt;
            assignments.run(() -> {
                ledgers.forEach(ledger -> ledger.committed(offsetOf(ledger, progress)));
            });
            return Verdict.APPLIED;
        } catch (KafkaException e) {
            return KafkaErrors.verdict(e);
        }
    }

    private static long offsetOf(Ledger ledger, Map<TopicPartition, OffsetAndMetadata> progress) {
        OffsetAndMetadata committed = progress.get(ledger.partition);
        return committed == null ? -1 : committed.offset();
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
