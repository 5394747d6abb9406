package dev.claimant.postgres;

/** Where a claim looks besides the front, since what stands there may have to wait for long. Used by one claiming thread. */
interface LookAhead {

    /** The parameter of the claim. */
    Object from();

    /** Looks for where the next claim should look. A failure is logged. Returns whether it would find something there. */
    boolean moveOn();
}
