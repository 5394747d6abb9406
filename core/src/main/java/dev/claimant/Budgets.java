package dev.claimant;

import dev.claimant.spi.Capabilities;

/**
 * How many more claims this worker may hold: free slots, and ahead of them no more than the lock can serve. Where the application does not say
 * how many may wait, they follow the handlers: a short while of work, so that the next claim is there in time and no message waits here for
 * long that could run elsewhere. Needs the engine's lock.
 */
final class Budgets {

    /** The short while: with it PostgreSQL is asked for as many at once as with the best setting, and another worker hardly misses them. */
    private static final long AHEAD_NANOS = 100_000_000;

    /** What waits takes no more of the heap than this part of it. */
    private static final int PART_OF_HEAP = 16;

    private static final int SIZES_REMEMBERED = 32;

    private final Slots slots;
    private final SettleQueue settling;
    private final HeldClaims held;
    private final Deadlines deadlines;
    private final Suspects suspects;
    private final HandlerTimes times;
    private final Settings settings;
    private final boolean followsHandlers;
    private final boolean releaseIsFree;
    private final int mostAhead;
    private final int maxHeld;
    private final int maxAside;
    private final long horizonNanos;
    private final long mostBytesAhead = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    private double bytesPerMessage;

    /** What {@link #servable} returned last; it is asked several times for each message. */
    private int servable;

    private boolean servableIsStale = true;
    private long servableAfter;

    Budgets(
            Slots slots,
            SettleQueue settling,
            HeldClaims held,
            Deadlines deadlines,
            Suspects suspects,
            HandlerTimes times,
            Settings settings,
            Capabilities source) {
        this.slots = slots;
        this.settling = settling;
        this.held = held;
        this.deadlines = deadlines;
        this.suspects = suspects;
        this.times = times;
        this.settings = settings;
        this.followsHandlers = settings.prefetch == null;
        this.releaseIsFree = !source.releaseCounted();
        this.mostAhead = settings.mostAhead(source);
        this.maxHeld = settings.maxUsed();
        this.maxAside = settings.maxAside();
        long lockNanos = source.lockLength().toNanos();
        this.horizonNanos = followsHandlers ? Math.min(AHEAD_NANOS, lockNanos) : lockNanos;
    }

    /** The most that one worker can ask for at once now. */
    int most() {
        return Settings.sum(slots.size(), servable());
    }

    int room() {
        return (int) Math.max(0, Math.min(wanted(), permitted()));
    }

    /** Whether there would be a call worth making if settlements were answered, and there is none now. */
    boolean areHeldUpBySettlements() {
        long wanted = wanted();
        long room = Math.min(wanted, permitted());
        return settling.unsettled() > 0 && wanted > room && worthACall(wanted) && !(room > 0 && worthACall(room));
    }

    private long wanted() {
        if (suspects.any()) {
            return 0;
        }
        long wanted = (long) slots.free() + servable() - slots.ready();
        return suspects.areExpected() ? Math.min(1, wanted) : wanted;
    }

    private long permitted() {
        long unsettled = (long) settings.maxUnsettled(servable()) - settling.unsettled();
        long ours = (long) maxHeld - (held.size() - slots.behind() - deadlines.parkedFailures());
        long behind = settings.ordered ? (long) maxAside - slots.behind() : Long.MAX_VALUE;
        return Math.min(unsettled, Math.min(ours, behind));
    }

    /** Whether more failed messages wait here for their next try than may. */
    boolean tooManyParked() {
        return deadlines.parkedFailures() > maxAside;
    }

    /**
     * Whether asking for so little is worth a call: nothing waits for a slot that is free; or half of the free slots, and of the prefetch, is used up.
     * While claims wait for free slots, their threads are on the way, and one call for many costs less than many for few.
     */
    boolean worthACall(long room) {
        return slots.areIdle() || room > servable() / 2 + (slots.free() - 1) / 2;
    }

    /** A message has come in. */
    void claimed(Message message) {
        bytesPerMessage += (message.body().length - bytesPerMessage) / SIZES_REMEMBERED;
        servableIsStale = followsHandlers;
    }

    /**
     * How many of those that are ready would wait for long here, since handlers have become slow, and go back: other workers may have the time
     * for them.
     */
    int surplus() {
        if (!followsHandlers || mostAhead == 0) {
            return 0;
        }
        int servable = servable();
        return slots.ready() > 2 * servable + slots.size() ? slots.ready() - servable : 0;
    }

    /** Whether it may go back for that: where releases count, once at most, or a message that nobody ran might be given up. */
    boolean mayGoBack(Claim claim) {
        return releaseIsFree || claim.attempt() == 1;
    }

    /** Whether a drain runs what waits, which is a short while of work, since handing it back would burn attempts. */
    boolean drainRunsWhatWaits() {
        return followsHandlers && mostAhead > 0 && !releaseIsFree;
    }

    /**
     * How many claims may wait: what all slots together serve within one lock, or within the short while; none before the first handler has
     * returned. Where they follow the handlers, no more than have returned so far: a worker that knows little begins small.
     */
    private int servable() {
        if (servableIsStale || servableAfter != times.judgements()) {
            servable = calculateServable();
            servableIsStale = false;
            servableAfter = times.judgements();
        }
        return servable;
    }

    private int calculateServable() {
        if (mostAhead == 0 || times.isEmpty()) {
            return 0;
        }
        long forEachSlot = Math.min(mostAhead, horizonNanos / times.expectedNanos());
        long served = Math.min(mostAhead, forEachSlot * slots.size());
        if (followsHandlers) {
            served = Math.min(served, times.returned());
            served = Math.min(served, (long) (mostBytesAhead / Math.max(1, bytesPerMessage)));
        }
        return (int) served;
    }
}
