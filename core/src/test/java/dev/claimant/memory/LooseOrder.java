package dev.claimant.memory;

import dev.claimant.memory.Places.Entry;
import dev.claimant.memory.Places.Place;
import dev.claimant.spi.Capabilities;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** In-memory queues that let successors overtake a message in one state. */
public enum LooseOrder {
    WHILE_HELD(entry -> entry.place == Place.LOCKED),
    WHILE_DELAYED(entry -> entry.place == Place.DELAYED),
    WHILE_RESERVED(entry -> entry.place == Place.RESERVED);

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above hold nothing
    private final Predicate<Entry> overtaken;

    LooseOrder(Predicate<Entry> overtaken) {
        this.overtaken = overtaken;
    }

    /** A queue with this defect. */
    public InMemoryQueue queue(Capabilities capabilities, LongSupplier clock) {
        return new InMemoryQueue(capabilities, clock, new OrderedKeys() {
            @Override
            boolean holdsBack(Entry earlier, InMemorySource source) {
                return !overtaken.test(earlier) && super.holdsBack(earlier, source);
            }
        });
    }
}
