package dev.claimant.kafka;

import dev.claimant.Claim;
import dev.claimant.Message;

/**
 * A message claimed from a Kafka partition. Its fencing number is made of the group's epoch and a count: it grows for a message for as
 * long as the group exists; a group that Kafka has forgotten (empty, and all its offsets expired) begins anew.
 */
public final class KafkaClaim extends Claim {

    private final Ledger ledger;
    private final long offset;
    private volatile boolean ended;
    private volatile boolean buried;

    KafkaClaim(Message message, int attempt, int delivery, long fencingNumber, Ledger ledger, long offset) {
        super(message, attempt, delivery, 0, NO_EXPIRY, fencingNumber);
        this.ledger = ledger;
        this.offset = offset;
    }

    Ledger ledger() {
        return ledger;
    }

    long offset() {
        return offset;
    }

    /** Whether a settlement of it was begun: another one is either a repetition or too late. */
    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** Whether the dead-letter topic has it: a repeated settlement must not write it there again. */
    boolean buried() {
        return buried;
    }

    void bury() {
        buried = true;
    }
}
