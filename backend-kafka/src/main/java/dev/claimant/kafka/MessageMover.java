package dev.claimant.kafka;

import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.kafka.Publisher.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Ends claims whose messages go on in another topic, the dead-letter topic or a retry topic: first it asks whether the claim is still ours, then
 * it sends the copy, and when the copy is confirmed the original is marked as done. Thread-safe.
 */
final class MessageMover {

    private final KafkaConfig config;
    private final Publisher publisher;
    private final BiFunction<List<Call.Item>, Duration, List<Verdict>> ask;

    /**
     * For one source.
     *
     * @param ask the polling thread, within a time
     */
    MessageMover(KafkaConfig config, Publisher publisher, BiFunction<List<Call.Item>, Duration, List<Verdict>> ask) {
        this.config = config;
        this.publisher = publisher;
        this.ask = ask;
    }

    /** Whether this settlement needs a copy of the message elsewhere. */
    boolean moves(Settlement settlement) {
        return settlement instanceof Settlement.DeadLetter
                || (settlement instanceof Settlement.Retry retry
                        && !config.retryTiers().isEmpty()
                        && retry.delay().compareTo(config.retryInPartition()) > 0);
    }

    /** Asks first whether they are ours: what another worker may yet complete must not lie in two topics. */
    List<Verdict> move(List<? extends Settlement> settlements, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        List<Call.Item> asked = new ArrayList<>();
        for (Settlement settlement : settlements) {
            KafkaClaim claim = (KafkaClaim) settlement.claim();
            // one that was marked as done already is asked for as such: it is not held any more
            asked.add(new Call.Item(claim, claim.isEnded() ? done(settlement) : null));
        }
        List<Verdict> verdicts = new ArrayList<>(ask.apply(asked, within));
        List<Integer> ours = new ArrayList<>();
        List<Outgoing> copies = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i) == Verdict.APPLIED && !asked.get(i).claim().isEnded()) {
                ours.add(i);
                copies.add(copyOf(settlements.get(i)));
            }
        }
        try {
            publisher.write(copies, deadline);
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("copy", config.group(), e);
        }
        mark(settlements, verdicts, ours, deadline);
        return verdicts;
    }

    private Outgoing copyOf(Settlement settlement) {
        KafkaClaim claim = (KafkaClaim) settlement.claim();
        if (settlement instanceof Settlement.Retry retry) {
            RetryTier tier = config.retryTiers().forDelay(retry.delay());
            return new Outgoing(
                    claim,
                    tier.topic(),
                    partitions -> RetryCopy.write(retry, tier, partitions, System.currentTimeMillis()));
        }
        String topic = config.deadLetterTopic();
        if (topic == null) {
            throw new IllegalStateException("deadLetterTopic is not set: this source keeps no dead letters");
        }
        return new Outgoing(claim, topic, partitions -> Copies.dead((Settlement.DeadLetter) settlement, topic));
    }

    /**
     * Those that the other topic has are done; the others may be tried again. A failed message that is too large for a copy waits where it
     * is, whatever its delay.
     */
    private void mark(
            List<? extends Settlement> settlements, List<Verdict> verdicts, List<Integer> ours, long deadline) {
        List<Call.Item> ends = new ArrayList<>();
        List<Integer> ended = new ArrayList<>();
        for (int i : ours) {
            Settlement settlement = settlements.get(i);
            KafkaClaim claim = (KafkaClaim) settlement.claim();
            KafkaClaim.Copy copy = claim.copy();
            verdicts.set(i, Verdict.UNKNOWN);
            if (copy != null && copy.isWritten()) {
                ends.add(new Call.Item(claim, done(settlement)));
                ended.add(i);
            } else if (copy != null && copy.isTooLarge() && settlement instanceof Settlement.Retry) {
                ends.add(new Call.Item(claim, settlement));
                ended.add(i);
            }
        }
        List<Verdict> marked = ask.apply(ends, Duration.ofNanos(deadline - System.nanoTime()));
        for (int i = 0; i < ended.size(); i++) {
            verdicts.set(ended.get(i), marked.get(i));
        }
    }

    private static Settlement done(Settlement settlement) {
        return new Settlement.Complete(settlement.claim(), settlement.repeated());
    }
}
