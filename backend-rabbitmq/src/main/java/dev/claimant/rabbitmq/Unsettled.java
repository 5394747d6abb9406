package dev.claimant.rabbitmq;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The claims of one channel that are not settled yet, by delivery tag, and which of the broker's commands settle them: one for a whole
 * prefix where that is settled, one each for the rest. Needs the subscription's lock.
 */
final class Unsettled {

    /** One command: this tag, and where {@code multiple} all before it. */
    record Ack(long tag, boolean multiple) {}

    /** Completions are worth a command when they take this part of the credit: the rest keeps the worker busy until the broker has answered. */
    private static final int PARTS = 3;

    /** A ring; tags of one channel come without gaps. */
    private @Nullable RabbitMqClaim[] open = new RabbitMqClaim[64];

    /** Everything before this tag is settled. */
    private long first = 1;

    private long next = 1;
    private int size;
    private int unheard;

    /** Of one that is completed and unheard there is a copy. */
    private boolean copied;

    /** Those included that are completed and the broker has not heard of. */
    int size() {
        return size;
    }

    /** Everything before this tag is settled. */
    long first() {
        return first;
    }

    /** How many are completed and the broker has not heard of. */
    int unheard() {
        return unheard;
    }

    void add(RabbitMqClaim claim) {
        if (next - first == open.length) {
            grow();
        }
        open[at(claim.tag())] = claim;
        next = claim.tag() + 1;
        size++;
        claim.credit().used++;
    }

    boolean holds(RabbitMqClaim claim) {
        return claim.tag() >= first && claim.tag() < next && open[at(claim.tag())] == claim && !claim.completed;
    }

    /** Takes one claim out; false if it is not here any more. The command that settles it must follow under the same lock, before any acks. */
    boolean take(RabbitMqClaim claim) {
        if (!holds(claim)) {
            return false;
        }
        forget(claim);
        while (first < next && open[at(first)] == null) {
            first++;
        }
        return true;
    }

    /** Completes a claim; false if it is not here any more. The broker hears of it by {@link #acks}. */
    boolean complete(RabbitMqClaim claim) {
        if (!holds(claim)) {
            return false;
        }
        claim.completed = true;
        copied |= claim.copy != null;
        unheard++;
        return true;
    }

    private void forget(RabbitMqClaim claim) {
        open[at(claim.tag())] = null;
        size--;
        claim.credit().used--;
        unheard -= claim.completed ? 1 : 0;
    }

    /**
     * The commands that tell the broker of what is completed: one for a prefix, which must name a tag that is still open at the broker, or that
     * closes the channel.
     *
     * @param all also what comes behind one that is not settled, by a command each
     */
    List<Ack> acks(boolean all) {
        List<Ack> acks = new ArrayList<>();
        long end = 0;
        for (; first < next; first++) {
            RabbitMqClaim claim = open[at(first)];
            if (claim != null && !claim.completed) {
                break;
            }
            if (claim != null) {
                end = first;
                forget(claim);
            }
        }
        if (end > 0) {
            acks.add(new Ack(end, true));
        }
        for (long tag = first; all && unheard > 0; tag++) {
            RabbitMqClaim claim = open[at(tag)];
            if (claim != null && claim.completed) {
                acks.add(new Ack(tag, false));
                forget(claim);
            }
        }
        return acks;
    }

    /**
     * The commands that are due now, for each costs the broker as much as many messages: where there is enough to tell, where nothing was told
     * for a while, or where a claim waits for the room. What comes behind an open one waits for that, unless a claim waits for the room of all.
     * Where a copy was made nothing waits, since a crash would leave both.
     *
     * @param quiet whether the broker was told nothing for a while
     * @param starving whether a claim waits and the broker may push nothing
     * @param credit how many messages the broker has pushed and not heard the end of, and how many it may push
     */
    List<Ack> due(boolean quiet, boolean starving, int credit) {
        boolean isDue = quiet || starving || copied || unheard >= credit / PARTS;
        List<Ack> acks = isDue ? acks(copied) : List.of();
        copied = false;
        return starving && acks.isEmpty() ? acks(true) : acks;
    }

    /** The commands that are due a moment later. If the same one is still open, it has a long handler, and the others wait no longer. */
    List<Ack> dueAfterMoment(long firstThen) {
        List<Ack> acks = acks(false);
        return first == firstThen ? acks(true) : acks;
    }

    /** Those that are not completed. */
    void forEach(Consumer<RabbitMqClaim> action) {
        for (long tag = first; tag < next; tag++) {
            RabbitMqClaim claim = open[at(tag)];
            if (claim != null && !claim.completed) {
                action.accept(claim);
            }
        }
    }

    void clear() {
        Arrays.fill(open, null);
        first = next;
        size = 0;
        unheard = 0;
    }

    private void grow() {
        RabbitMqClaim[] larger = new RabbitMqClaim[open.length * 2];
        for (long tag = first; tag < next; tag++) {
            larger[(int) (tag % larger.length)] = open[at(tag)];
        }
        open = larger;
    }

    private int at(long tag) {
        return (int) (tag % open.length);
    }
}
