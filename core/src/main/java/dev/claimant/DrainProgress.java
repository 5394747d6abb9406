package dev.claimant;

/** How far a drain is, for the steps of claims. Guarded by the engine's lock. */
final class DrainProgress {

    boolean draining;

    /** During a drain, until handlers are told to stop: whether what waits runs. */
    boolean runsWhatWaits;

    /** It is over: nothing is held any more, and no result counts. */
    boolean gaveUp;

    /** How many claims it has given back unfinished. */
    int handedBack;
}
