package dev.claimant.postgres;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Finds what may be claimed behind thousands that stand in front and may not: rows of an application's table that look pending and are done,
 * dead or in flight; messages that wait for others of their ordering key. A claim looks through the first thousand, and through a thousand from
 * the place on that was found here; so it costs the same however many there are.
 *
 * <p>Once the front holds nothing, all are looked through. What is new mostly stands at the end: that is looked at each time. Behind it goes
 * a second look round and round, a step a second, for others that may be claimed meanwhile. Used by one claiming thread.
 *
 * @param <P> a place: a key, or a position
 */
final class SearchBehindFront<P> {

    /** How many a claim looks through at the front, and as many further on. */
    static final int SIZE = 1000;

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    /** The statements. */
    interface Lookout<P> {

        /** Whether the front is so long that something may stand behind it. */
        boolean frontIsFull(long deadline) throws SQLException, InterruptedException;

        /** Looks through some, in their order, from a place on; absent for the start. */
        Look<P> look(@Nullable P from, long deadline) throws SQLException, InterruptedException;
    }

    /** What a look through some has shown. */
    record Look<P>(P place, Kind kind) {}

    enum Kind {
        /** What stands at the place may be claimed. */
        FOUND,
        /** Nothing; the place is the first that was not looked at. */
        MORE,
        /** Nothing, and there is no more; what is new stands from the place on. */
        END
    }

    private final Lookout<P> lookout;
    private final P nowhere;
    private final Upkeep search;

    private P at;
    private boolean found;
    private boolean frontIsFull;
    private boolean isFirstRound = true;
    private long countedNanos = System.nanoTime() - PAUSE_NANOS;
    private long sweptNanos = countedNanos;

    /** Where the look round and round goes on; absent at the start. */
    private @Nullable P sweep;

    /** Where new ones come; absent before a first round has ended. */
    private @Nullable P end;

    SearchBehindFront(String queue, Lookout<P> lookout, P nowhere) {
        this.lookout = lookout;
        this.nowhere = nowhere;
        this.at = nowhere;
        this.search = new Upkeep("look further into " + queue, Duration.ZERO, this::search);
    }

    /** The claim's parameter: where it looks besides the front. */
    P from() {
        return at;
    }

    /** After a claim that found too little. A failure is logged. Returns whether the next claim would find something. */
    boolean moveOn() {
        found = false;
        search.runIfDue(TIMEOUT);
        return found;
    }

    /** Whether something may stand behind the front, as far as is known. */
    boolean frontIsFull() {
        return frontIsFull;
    }

    private void search(long deadline) throws SQLException, InterruptedException {
        if (!frontIsFull(deadline)) {
            at = nowhere;
            return;
        }
        searchEnd(deadline);
        if (!found) {
            sweep(deadline);
        }
    }

    private boolean frontIsFull(long deadline) throws SQLException, InterruptedException {
        if (frontIsFull || System.nanoTime() - countedNanos >= PAUSE_NANOS) {
            countedNanos = System.nanoTime();
            frontIsFull = lookout.frontIsFull(deadline);
        }
        return frontIsFull;
    }

    private void searchEnd(long deadline) throws SQLException, InterruptedException {
        while (end != null && !found) {
            Look<P> look = lookout.look(end, deadline);
            if (look.kind() == Kind.END) {
                return;
            }
            end = look.place();
            noteFound(look);
        }
    }

    /** The first time without a pause until the end, or until the time is up. */
    private void sweep(long deadline) throws SQLException, InterruptedException {
        if (!isFirstRound && System.nanoTime() - sweptNanos < PAUSE_NANOS) {
            return;
        }
        sweptNanos = System.nanoTime();
        long until = sweptNanos + PAUSE_NANOS;
        do {
            Look<P> look = lookout.look(sweep, deadline);
            if (look.kind() == Kind.END) {
                end = end == null && !look.place().equals(nowhere) ? look.place() : end;
                sweep = null;
                isFirstRound = false;
            } else {
                sweep = look.place();
                noteFound(look);
            }
        } while (isFirstRound && !found && System.nanoTime() < until);
    }

    private void noteFound(Look<P> look) {
        if (look.kind() == Kind.FOUND) {
            at = look.place();
            found = true;
        }
    }
}
