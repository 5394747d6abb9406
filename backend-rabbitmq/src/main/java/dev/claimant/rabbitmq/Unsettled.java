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

    int size() {
        return size;
    }

    void add(RabbitMqClaim claim) {
        if (next - first == open.length) {
            grow();
        }
        open[at(claim.tag())] = claim;
        next = claim.tag() + 1;
        size++;
    }

    boolean holds(RabbitMqClaim claim) {
        return claim.tag() >= first && claim.tag() < next && open[at(claim.tag())] == claim;
    }

    /** Takes one claim out; false if it is not here any more. The command that settles it must follow under the same lock. */
    boolean take(RabbitMqClaim claim) {
        if (!holds(claim)) {
            return false;
        }
        open[at(claim.tag())] = null;
        size--;
        while (first < next && open[at(first)] == null) {
            first++;
        }
        return true;
    }

    /**
     * The commands that settle these, which were just taken. One for a prefix must name a tag that is still open at the broker, or the
     * broker closes the channel.
     */
    List<Ack> acks(List<RabbitMqClaim> taken) {
        long end = 0;
        for (RabbitMqClaim claim : taken) {
            if (claim.tag() < first) {
                end = Math.max(end, claim.tag());
            }
        }
        List<Ack> acks = new ArrayList<>();
        if (end > 0) {
            acks.add(new Ack(end, true));
        }
        for (RabbitMqClaim claim : taken) {
            if (claim.tag() >= first) {
                acks.add(new Ack(claim.tag(), false));
            }
        }
        return acks;
    }

    void forEach(Consumer<RabbitMqClaim> action) {
        for (long tag = first; tag < next; tag++) {
            RabbitMqClaim claim = open[at(tag)];
            if (claim != null) {
                action.accept(claim);
            }
        }
    }

    void clear() {
        Arrays.fill(open, null);
        first = next;
        size = 0;
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
