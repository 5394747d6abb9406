package dev.claimant;

/** A source's answer to one renewal or one settlement. */
public enum Verdict {
    /** The source has it: the lock is extended, or the settlement is done. */
    APPLIED,
    /** Someone else owns the message, or nobody does: this claim is over, and a result of it is dropped, never tried again. */
    LOST,
    /** No answer within the bound, or one that says neither: the same may be asked again while the lock holds. */
    UNKNOWN
}
