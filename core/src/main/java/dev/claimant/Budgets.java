package dev.claimant;

/**
 * How many more claims this worker may hold: free slots, and ahead of them no more than the lock can serve. Needs the engine's lock.
 */
final class Budgets {

    private final Slots slots;
    private final SettleQueue settling;
    private final HeldClaims held;
    private final HandlerTimes times;
    private final int prefetch;
    private final int maxUnsettled;
    private final int maxHeld;
    private final long lockNanos;
    private boolean suspectCame;
    private boolean onlyForIdleSlots;

    Budgets(Slots slots, SettleQueue settling, HeldClaims held, HandlerTimes times, Settings settings, long lockNanos) {
        this.slots = slots;
        this.settling = settling;
        this.held = held;
        this.times = times;
        this.prefetch = settings.prefetch();
        this.maxUnsettled = settings.maxUnsettled();
        this.maxHeld = settings.maxHeld();
        this.lockNanos = lockNanos;
    }

    /** The most that one worker can ask for at once. */
    int most() {
        return slots.size() + prefetch;
    }

    int room() {
        return Math.min(wanted(), permitted());
    }

    /** Whether more would be claimed if settlements were answered. */
    boolean areHeldUpBySettlements() {
        return settling.unsettled() > 0 && wanted() > permitted();
    }

    private int wanted() {
        return slots.size() - slots.running() + prefetchBound() - slots.waiting();
    }

    private int permitted() {
        return Math.min(maxUnsettled - settling.unsettled(), maxHeld - held.size());
    }

    /** Whether asking for so little is worth a call: a slot is idle, or half of the prefetch is used up. */
    boolean worthACall(int room) {
        return slots.idle() > 0 || room * 2 > prefetchBound();
    }

    /** A message came that must not wait here: until a call brings none, claims are for idle slots only. */
    void suspectCame() {
        suspectCame = true;
        onlyForIdleSlots = true;
    }

    /** A call has returned, and what it brought is held. */
    void callReturned() {
        onlyForIdleSlots = suspectCame;
        suspectCame = false;
    }

    /** How many claims may wait: what all slots together serve within one lock; none before the first handler has returned. */
    private int prefetchBound() {
        if (prefetch == 0 || onlyForIdleSlots || times.isEmpty()) {
            return 0;
        }
        long served = lockNanos / times.p95Nanos() * slots.size();
        return (int) Math.min(prefetch, served);
    }
}
