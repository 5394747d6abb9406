package dev.claimant;

/**
 * How a worker's budgets are used at one moment.
 *
 * @param slots how many handlers may run at once
 * @param running handlers that run now
 * @param stuck those of them that were told to stop and go on
 * @param waiting claims that wait for a slot
 * @param parked claims that wait out a retry delay here
 * @param unsettled claims whose handler has returned and whose verdict is still missing
 * @param held all claims that are not over: running, waiting, parked or unsettled
 */
public record WorkerStats(int slots, int running, int stuck, int waiting, int parked, int unsettled, int held) {}
