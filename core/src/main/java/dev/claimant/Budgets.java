package dev.claimant;

import dev.claimant.spi.Capabilities;

/**
 * How many more claims this worker may hold: free slots, and ahead of them no more than the lock can serve. Needs the engine's lock.
 */
final class Budgets {

    private final Slots slots;
    private final SettleQueue settling;
    private final HeldClaims held;
    private final Deadlines deadlines;
    private final HandlerTimes times;
    private final int prefetch;
    private final int maxUnsettled;
    private final int maxHeld;
    private final int maxAside;
    private final long lockNanos;
    private boolean suspectCame;
    private boolean onlyForIdleSlots;

    Budgets(
            Slots slots,
            SettleQueue settling,
            HeldClaims held,
            Deadlines deadlines,
            HandlerTimes times,
            Settings settings,
            Capabilities source) {
        this.slots = slots;
        this.settling = settling;
        this.held = held;
        this.deadlines = deadlines;
        this.times = times;
        this.prefetch = settings.prefetch(source);
        this.maxUnsettled = settings.maxUnsettled();
        this.maxHeld = settings.maxUsed();
        this.maxAside = settings.maxAside();
        this.lockNanos = source.lockLength().toNanos();
    }

    /** The most that one worker can ask for at once. */
    int most() {
        return Settings.sum(slots.size(), prefetch);
    }

    int room() {
        return (int) Math.max(0, Math.min(wanted(), permitted()));
    }

    /** Whether more would be claimed if settlements were answered. */
    boolean areHeldUpBySettlements() {
        return settling.unsettled() > 0 && wanted() > permitted();
    }

    private long wanted() {
        return (long) slots.free() + prefetchBound() - slots.ready();
    }

    private long permitted() {
        long unsettled = (long) maxUnsettled - settling.unsettled();
        long ours = (long) maxHeld - (held.size() - slots.behind() - deadlines.parkedFailures());
        long behind = (long) maxAside - slots.behind();
        return Math.min(unsettled, Math.min(ours, behind));
    }

    /** Whether more failed messages wait here for their next try than may. */
    boolean tooManyParked() {
        return deadlines.parkedFailures() > maxAside;
    }

    /** Whether asking for so little is worth a call: a slot is idle, or half of the prefetch is used up. */
    boolean worthACall(int room) {
        return slots.idle() > 0 || room > prefetchBound() / 2;
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
