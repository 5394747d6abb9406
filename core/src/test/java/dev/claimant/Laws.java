package dev.claimant;

import dev.claimant.Execution.StopReason;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold in every simulated run, whatever happens. Keeps its own books and never asks the engine what it thinks. */
final class Laws {

    /** What listeners know of a claim. */
    private enum Told {
        HELD,
        RUNNING,
        RETURNED,
        PARKED
    }

    /** How a handler's run ended, as the engine was told. */
    enum Outcome {
        SUCCEEDED,
        FAILED,
        STOPPED
    }

    private final Scenario scenario;
    private final Clock clock;
    private final Map<String, List<String>> sentByKey = new HashMap<>();
    private final Set<String> sent = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final Map<String, Claim> latestClaim = new HashMap<>();
    private final Map<String, Integer> burnedAttempts = new HashMap<>();
    private final Map<String, Integer> diedBesideOthers = new HashMap<>();
    private final Map<Claim, Outcome> outcomes = new HashMap<>();
    private final Map<Claim, String> endings = new HashMap<>();
    private final Map<Claim, Told> told = new HashMap<>();

    /**
     * Keys of which a worker gave up a claim after a whole lock without an answer, though the source still took it for that worker's: the
     * one case in which order may suffer.
     */
    private final Set<String> keysOutOfOrder = new HashSet<>();

    Laws(Scenario scenario, Clock clock) {
        this.scenario = scenario;
        this.clock = clock;
    }

    private static final boolean TRACE = Boolean.getBoolean("claimant.simulation.trace");

    static void trace(String what, Object about) {
        if (TRACE) {
            System.out.println(what + " " + about);
        }
    }

    void sent(Message message) {
        trace("sent", message.id() + " key " + message.orderingKey());
        sent.add(message.id());
        if (message.orderingKey() != null) {
            sentByKey
                    .computeIfAbsent(message.orderingKey(), key -> new ArrayList<>())
                    .add(message.id());
        }
    }

    boolean allGone() {
        return gone.containsAll(sent);
    }

    Set<String> left() {
        Set<String> left = new HashSet<>(sent);
        left.removeAll(gone);
        return left;
    }

    // ---- at the source

    void handedOut(List<Claim> claims, int demand) {
        check(claims.size() <= demand, "more claims than demanded", claims);
        for (Claim claim : claims) {
            check(!gone.contains(claim.id()), "a message that is gone was handed out", claim);
            int crashes = scenario.queue().crashesCounted() ? claim.expiredLocks() : 0;
            int expected = 1 + burnedAttempts.getOrDefault(claim.id(), 0) + crashes;
            check(
                    claim.attempt() == expected,
                    "an attempt was burned or forgotten: expected attempt " + expected,
                    claim);
            latestClaim.put(claim.id(), claim);
            trace("claimed", claim + " #" + System.identityHashCode(claim));
        }
    }

    void lockTakenAway(Claim claim) {
        latestClaim.remove(claim.id(), claim);
        trace("lock taken away", claim + " #" + System.identityHashCode(claim));
    }

    void settledAtTheSource(List<Settlement> settlements, List<Verdict> verdicts) {
        for (int i = 0; i < settlements.size(); i++) {
            Settlement settlement = settlements.get(i);
            check(
                    settlement.getClass() == settlements.get(0).getClass(),
                    "settlements of two kinds in one call",
                    settlements);
            checkEarned(settlement);
            trace("settled " + verdicts.get(i), settlement + " #" + System.identityHashCode(settlement.claim()));
            if (verdicts.get(i) == Verdict.APPLIED
                    && latestClaim.remove(settlement.claim().id(), settlement.claim())) {
                book(settlement);
            }
        }
    }

    private void book(Settlement settlement) {
        String id = settlement.claim().id();
        if (settlement instanceof DeadLetter dead) {
            checkGivenUp(dead);
        }
        if (settlement instanceof Complete || settlement instanceof DeadLetter) {
            gone.add(id);
        } else if (settlement instanceof Retry || scenario.queue().releaseCounted()) {
            burnedAttempts.merge(id, 1, Integer::sum);
        }
    }

    private void checkEarned(Settlement settlement) {
        Outcome outcome = outcomes.get(settlement.claim());
        if (settlement instanceof Complete) {
            check(outcome == Outcome.SUCCEEDED, "a completion without a believable success: " + outcome, settlement);
        } else if (settlement instanceof Retry) {
            check(outcome == Outcome.FAILED, "a retry without a failure: " + outcome, settlement);
        } else if (settlement instanceof Release) {
            check(outcome == null || outcome == Outcome.STOPPED, "a release of what was tried: " + outcome, settlement);
        }
    }

    // ---- in the worker

    /** A worker is gone with all that it held; these ran. */
    void died(List<Execution> running) {
        for (Execution execution : running) {
            trace("died running", execution.claim);
            if (running.size() > 1) {
                diedBesideOthers.merge(execution.claim.id(), 1, Integer::sum);
            }
        }
    }

    private void checkGivenUp(DeadLetter dead) {
        int crashes = dead.claim().expiredLocks();
        int besideOthers = diedBesideOthers.getOrDefault(dead.claim().id(), 0);
        check(
                !dead.reason().startsWith("gave up") || crashes == 0 || crashes > besideOthers,
                "given up for crashes beside others only",
                dead);
    }

    void started(Execution execution) {
        Claim claim = execution.claim;
        trace("started", claim + " #" + System.identityHashCode(claim));
        check(
                claim.lockedUntilNanos() == Claim.NO_EXPIRY || clock.nanos() < claim.lockedUntilNanos(),
                "a handler begins on a lock that is over",
                claim);
        boolean surelyOurs = latestClaim.get(claim.id()) == claim && clock.nanos() < claim.lockedUntilNanos();
        String key = claim.message().orderingKey();
        if (!scenario.ordered() || key == null || keysOutOfOrder.contains(key) || !surelyOurs) {
            return;
        }
        for (String earlier : sentByKey.getOrDefault(key, List.of())) {
            if (earlier.equals(claim.id())) {
                return;
            }
            check(gone.contains(earlier), "started before " + earlier + " of the same key was done", claim);
        }
    }

    void returned(Execution execution, @Nullable Throwable failure) {
        if (execution.stopReason == null && failure instanceof RetryLater later && later.isUntried()) {
            return; // as if it had never run
        }
        Outcome outcome = failure == null ? Outcome.SUCCEEDED : Outcome.FAILED;
        if (execution.stopReason == StopReason.TIMED_OUT) {
            outcome = Outcome.FAILED;
        } else if (execution.stopReason != null) {
            outcome = Outcome.STOPPED;
        }
        if (outcome != Outcome.STOPPED
                || outcomes.get(execution.claim) != Outcome.FAILED) { // a failure that it was run again for stays one
            outcomes.put(execution.claim, outcome);
        }
    }

    void aboutToSettle(List<Execution> batch) {
        for (Execution execution : batch) {
            check(!execution.claim.lockLost(), "the result of a lost claim is being settled", execution.claim);
        }
    }

    void withinBudgets(WorkerStats stats, int maxHeld) {
        check(stats.running() <= scenario.slots(), "more handlers than slots", stats);
        check(stats.held() <= maxHeld, "more held than " + maxHeld, stats);
        check(
                stats.running() >= 0 && stats.waiting() >= 0 && stats.unsettled() >= 0 && stats.held() >= 0,
                "a count below zero",
                stats);
    }

    // ---- what listeners are told, in order

    void toldClaimed(Claim claim) {
        check(told.put(claim, Told.HELD) == null, "claimed twice", claim);
    }

    void toldStarted(Claim claim) {
        check(!hasEnded(claim), "told as started after its end", claim);
        move(claim, "started", Told.RUNNING, Told.HELD, Told.PARKED);
    }

    void toldTimedOut(Claim claim) {
        move(claim, "timed out", Told.RUNNING, Told.RUNNING);
    }

    void toldFinished(Claim claim) {
        move(claim, "finished", Told.RETURNED, Told.RUNNING);
    }

    void toldParked(Claim claim) {
        move(claim, "parked", Told.PARKED, Told.RETURNED);
    }

    private void move(Claim claim, String event, Told to, Told... from) {
        Told before = told.put(claim, to);
        check(List.of(from).contains(before), "told as " + event + " after " + before, claim);
    }

    void ended(Claim claim, String how) {
        check(told.containsKey(claim), "ended before it was told as claimed", claim);
        trace("ended " + how, claim + " #" + System.identityHashCode(claim));
        String before = endings.put(claim, how);
        check(before == null, "ended twice: " + before + ", then " + how, claim);
        if (latestClaim.get(claim.id()) == claim && claim.message().orderingKey() != null) {
            keysOutOfOrder.add(claim.message().orderingKey());
        }
        boolean wentWrong = how.equals("lock lost") || how.endsWith("LOST") || how.endsWith("UNKNOWN");
        check(!scenario.calm() || !wentWrong, how + " though nothing went wrong", claim);
    }

    boolean hasEnded(Claim claim) {
        return endings.containsKey(claim);
    }

    static void check(boolean holds, String law, Object about) {
        if (!holds) {
            throw new AssertionError(law + ": " + about);
        }
    }
}
