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

    /** A ring; tags of one channel come without gaps. */
    private @Nullable RabbitMqClaim[] open = new RabbitMqClaim[64];

    /** Everything before this tag is settled. */
    private long first = 1;

    private long next = 1;
    private int size;
    private int unheard;

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
