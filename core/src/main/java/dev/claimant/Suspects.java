package dev.claimant;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Messages that may kill their worker. Each runs alone: when the process dies, it takes no other message with it, and what crashed is
 * known. While there is one, nothing else starts and nothing is claimed. Needs the engine's lock.
 */
final class Suspects {

    /** A message may have outlived this many locks beside others: one crash or outage of a whole worker makes no message slow. */
    static final int CRASHES_TOGETHER = 2;

    private final Slots slots;
    private final SettleQueue settling;
    private final boolean releaseCounted;
    private final ArrayDeque<Execution> waiting = new ArrayDeque<>();
    private @Nullable Execution chosen;

    /** Claims come one at a time: what comes along with a suspect goes back, or is held when the worker dies. */
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

    /** A message came that is none. */
    void otherCame() {
        expected = any();
    }

    /** It waits and runs no longer. */
    void leave(Execution execution) {
        boolean left = waiting.remove(execution) || chosen == execution;
        if (left) {
            chosen = chosen == execution ? null : chosen;
            if (!any()) {
                slots.unblock();
            }
        }
    }

    /** Lets the next one run, once nothing else runs here and all that was handed back is with the source. */
    void runNext() {
        if (chosen == null && !waiting.isEmpty() && slots.running() == 0 && settling.unsettled() == 0) {
            chosen = waiting.remove();
            slots.runAlone(chosen);
        }
    }
}
