package dev.claimant;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Messages that may have killed their worker. Each runs alone: if the process dies, it takes no other message with it, and it is clear which one
 * crashed. While there is one, nothing else starts and nothing is claimed. Needs the engine's lock.
 */
final class Suspects {

    /** Up to this many expired locks do not make a message a suspect: one crash or outage of a whole worker slows no message down. */
    static final int CRASHES_TOGETHER = 2;

    private final Slots slots;
    private final SettleQueue settling;
    private final boolean releaseCounted;
    private final ArrayDeque<Execution> waiting = new ArrayDeque<>();
    private @Nullable Execution chosen;

    /** Claims come one at a time, since every other message that comes with a suspect goes back, or is held when the worker dies. */
    private boolean expected;

    Suspects(Slots slots, SettleQueue settling, boolean releaseCounted) {
        this.slots = slots;
        this.settling = settling;
        this.releaseCounted = releaseCounted;
        this.expected = releaseCounted; // a new worker knows of no crash, and cannot hand anything back for free
    }

    boolean any() {
        return chosen != null || !waiting.isEmpty();
    }

    boolean areExpected() {
        return expected;
    }

    /** Whether what would wait behind a suspect goes back instead; not where that burns an attempt as a crash would. */
    boolean turnOthersAway() {
        return any() && !releaseCounted;
    }

    void add(Execution execution) {
        waiting.add(execution);
        expected = true;
        slots.block();
    }

    /** A message came that is no suspect. */
    void otherCame() {
        expected = any();
    }

    /** It no longer waits or runs. */
    void leave(Execution execution) {
        boolean left = waiting.remove(execution) || chosen == execution;
        if (left) {
            chosen = chosen == execution ? null : chosen;
            if (!any()) {
                slots.unblock();
            }
        }
    }

    /** Lets the next one run, once no other handler runs and the source has all messages that were handed back. */
    void runNext() {
        if (chosen == null && !waiting.isEmpty() && slots.running() == 0 && settling.unsettled() == 0) {
            chosen = waiting.remove();
            slots.runAlone(chosen);
        }
    }
}
