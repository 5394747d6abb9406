package dev.claimant;

import org.jspecify.annotations.Nullable;

/** The life of one claim, from the moment it is held until it is over. All state is guarded by the engine's lock. */
final class Execution {

    enum Stage {
        /** Waits for a slot, or for its turn behind an earlier message of its ordering key. */
        WAITING,
        /** The handler runs, told to stop or not. */
        RUNNING,
        /** Waits out a delay, without a slot. */
        PARKED,
        /** Its settlement is decided and on its way to the source. */
        SETTLING,
        /** Over: the engine does nothing more with it. */
        OVER
    }

    /** Why a running handler was asked to stop. */
    enum StopReason {
        LOCK_LOST,
        TIMED_OUT,
        DRAINED
    }

    final Claim claim;
    Stage stage = Stage.WAITING;

    /** The thread that runs the handler, while it runs. */
    @Nullable SlotThread thread;

    /** Whether its handler may run: its lock holds. */
    boolean begun;

    /** Where its handler says that it waits in a batch; set before the handler runs. */
    @Nullable GatheringClaims gathering;

    @Nullable StopReason stopReason;

    /** While it runs; owned by {@link Slots}. */
    int slot;

    long stoppedAt;
    long startedAt;

    /** When a parked claim goes on. */
    long dueAt;

    /** How the claim ends; of one that is parked, or runs again after a failure, how it ends if that is cut short. */
    @Nullable Outcome outcome;

    /** It waits for an earlier message of its ordering key, not for a slot. */
    boolean behind;

    /** A call that carries the settlement is under way. */
    boolean inFlight;

    /** The source said that this claim must end soon; only the thread that said so settles it. */
    boolean endangered;

    /** Its place among those of its ordering key; owned by {@link OrderingLanes}. */
    long rank;

    /** Neighbours among all held claims; owned by {@link HeldClaims}. */
    @Nullable Execution before;

    @Nullable Execution after;

    Execution(Claim claim) {
        this.claim = claim;
        claim.execution = this;
    }

    void run(@Nullable SlotThread thread, long now) {
        stage = Stage.RUNNING;
        begun = false;
        this.thread = thread;
        startedAt = now;
    }

    /** Tells a running handler to stop; the first reason stays, except that a lost lock overrules all. */
    void stop(StopReason why, long now) {
        if (stopReason == null || why == StopReason.LOCK_LOST) {
            stopReason = why;
            stoppedAt = now;
        }
        claim.askToStop();
    }

    boolean is(Stage asked) {
        return stage == asked;
    }

    /** Whether the source may have applied the settlement already: only its verdict then says what became of the claim. */
    boolean endIsOnItsWay() {
        return inFlight || (outcome != null && outcome.settlement().repeated());
    }

    /** Parked, for its handler could not begin. */
    boolean isUntried() {
        return outcome != null && outcome.isUntried();
    }

    /** The decided end of a claim that has one. */
    Settlement end() {
        if (outcome == null) {
            throw new IllegalStateException(claim + " is " + stage + " and has no end yet");
        }
        return outcome.settlement();
    }
}
