package dev.claimant;

/** A source's answer to one renewal or one settlement. */
public enum Verdict {
    /** The source has it: the lock is extended, or the settlement is done. */
    APPLIED,
    /** This worker no longer owns the message: the claim is over, its result is dropped and never sent again. */
    LOST,
    /** No answer within the bound, or one that says neither. The call may be repeated while the lock holds. */
    UNKNOWN
}
