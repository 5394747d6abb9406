package dev.claimant.servicebusserver;

/** Behaviour for which public evidence is not clear. A client should work whichever way these are set; all are off by default. */
public enum Switch {
    /** The locks of a receiving link end when its connection breaks or it is detached, counted as a delivery; off: they run out by the clock. */
    LOCKS_END_WITH_CONNECTION,
    /** A delivery that the client gives back as released counts as a delivery. */
    RELEASED_COUNTS,
    /** Dead-lettering with a lock that is lost is answered with a rejection that has no error; off: with the error lock-lost. */
    LOST_DEAD_LETTER_WITHOUT_ERROR,
    /** A session stays locked when its connection breaks or its link is detached, until its lock runs out; off: it is free at once. */
    SESSION_OUTLIVES_LINK,
    /** A lock that was first taken more than 17 minutes ago is renewed and refuses every settlement (azure-service-bus issue 685). */
    SETTLEMENT_REFUSED_AFTER_17_MINUTES,
    /** Locked messages are not in the active count. */
    LOCKED_NOT_ACTIVE
}
