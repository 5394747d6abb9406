package dev.claimant;

/** What a simulated engine does wrong, to prove that the laws notice. */
enum PlantedDefect {
    NONE,
    BELIEVES_HANDLERS_WITHOUT_A_LOCK,
    BURNS_ATTEMPTS_IN_A_DRAIN,
    FORGETS_TO_RENEW_PARKED_CLAIMS,
    RUNS_ONE_ORDERING_KEY_IN_PARALLEL,
    RUNS_SUSPECTS_BESIDE_OTHERS,
    BEGINS_ON_A_LOCK_THAT_IS_OVER,
    TELLS_OF_TIMEOUTS_LATE
}
