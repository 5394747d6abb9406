package dev.claimant.sqs;

import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** A message claimed from an SQS queue, with its native properties. */
public final class SqsClaim extends Claim {

    private final software.amazon.awssdk.services.sqs.model.Message received;
    private final long receivedAt;
    private final long longestUntil;

    private long lockedUntil;
    private boolean lost;
    private @Nullable Kind settled;
    private @Nullable Kind sent;
    private long sentAt;
    private CompletableFuture<?> renewal = CompletableFuture.completedFuture(null);

    /**
     * @param lock how long the queue keeps the message from others, from {@code receivedAt} on
     * @param longest how long renewals can keep it, from {@code receivedAt} on
     */
    SqsClaim(
            Message message,
            int receiveCount,
            software.amazon.awssdk.services.sqs.model.Message received,
            long receivedAt,
            Duration lock,
            Duration longest) {
        super(message, receiveCount, receiveCount, 0, receivedAt + lock.toNanos(), -1);
        this.received = received;
        this.receivedAt = receivedAt;
        lockedUntil = receivedAt + lock.toNanos();
        longestUntil = receivedAt + longest.toNanos();
    }

    /** The name by which SQS knows this claim, for calls of your own. It changes with every claim of the message. */
    public String receiptHandle() {
        return received.receiptHandle();
    }

    /** The message's attributes as SQS has them, binary ones included. */
    public Map<String, MessageAttributeValue> attributes() {
        return received.messageAttributes();
    }

    software.amazon.awssdk.services.sqs.model.Message received() {
        return received;
    }

    long receivedAt() {
        return receivedAt;
    }

    // ---- the lock, by our clock

    /** Whether it is still ours at this moment; once it is not, it never is again. */
    synchronized boolean isHeld(long now) {
        if (now - lockedUntil >= 0) {
            lost = true;
        }
        return !lost && settled == null;
    }

    synchronized void lose() {
        lost = true;
    }

    synchronized void renewed(long until) {
        lockedUntil = until;
    }

    /** For how long a request may still keep it from others, in whole seconds: the lock or the delay, cut to what SQS allows. */
    int visibility(Duration wanted, long now) {
        long left = Math.max(0, longestUntil - now) / 1_000_000_000L;
        long seconds = wanted.plusNanos(999_999_999).toSeconds();
        return (int) Math.min(seconds, left);
    }

    // ---- renewals and settlements on their way

    /** Until it is done, a settlement other than a completion waits: a renewal that overtakes it would lock the message again. */
    synchronized CompletableFuture<?> renewal() {
        return renewal;
    }

    /** Whether it may be renewed now: not once it goes back, or the renewal would take it away again. */
    synchronized boolean beginRenewal(CompletableFuture<?> until) {
        if (sent != null && sent != Kind.COMPLETE) {
            return false;
        }
        renewal = until;
        return true;
    }

    /** What was sent last and how; nothing while nothing was. */
    synchronized @Nullable Kind sent() {
        return sent;
    }

    synchronized long sentAt() {
        return sentAt;
    }

    synchronized void sends(Kind kind, long now) {
        if (sent != kind) {
            sent = kind;
            sentAt = now;
        }
    }

    /** How it ended, where the queue has said so. */
    synchronized @Nullable Kind settled() {
        return settled;
    }

    synchronized void settle(Kind kind) {
        settled = kind;
    }
}
