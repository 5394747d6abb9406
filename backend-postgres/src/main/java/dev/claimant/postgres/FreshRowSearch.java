package dev.claimant.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows of an application's table that may be claimed behind thousands that look pending and are done, dead or in flight. A claim looks
 * through the first thousand rows, and through a thousand from the key on that was found here; so it costs the same however many there are.
 *
 * <p>Once the first thousand hold nothing, all are looked through in the order of their keys. New rows mostly have the highest keys: the end is
 * looked at each time. Behind it goes a second look round and round, a thousand rows a second, for rows among the others that are pending
 * anew.
 */
final class FreshRowSearch implements LookAhead {

    /** How many rows a claim looks through at the front, and as many further on. */
    static final int SIZE = 1000;

    private static final int FIRST_ROUND_SIZE = 10 * SIZE;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final String NOWHERE = "";

    private final Link link;
    private final Script countFront;
    private final Script fromStart;
    private final Script fromKey;
    private final Upkeep search;

    private String at = NOWHERE;
    private boolean found;
    private boolean frontIsFull;
    private boolean isFirstRound = true;
    private long countedNanos = System.nanoTime() - PAUSE_NANOS;
    private long sweptNanos = countedNanos;

    /** Where the look round and round goes on; absent at the start. */
    private @Nullable String sweep;

    /** Beyond all that was there when the last round ended; absent before. */
    private @Nullable String end;

    /** What a look through some rows, in the order of their keys, has shown. */
    private record Look(String key, Kind kind) {}

    private enum Kind {
        /** The key is one that may be claimed. */
        FRESH,
        /** None is; the key is the first that was not looked at. */
        MORE,
        /** None is, and there are no more; the key is the first one that was looked at, empty without any. */
        END
    }

    FreshRowSearch(Link link, WorkTable table) {
        this.link = link;
        this.countFront = Script.plannedAnew(table.countPending(SIZE));
        this.fromStart = Script.plannedAnew(table.firstFresh("", FIRST_ROUND_SIZE));
        this.fromKey = Script.plannedAnew(table.firstFresh(table.fromKey(), SIZE));
        this.search = new Upkeep("look further into " + table.name(), Duration.ZERO, this::search);
    }

    /** A key; empty for the front alone. */
    @Override
    public Object from() {
        return at;
    }

    @Override
    public boolean moveOn() {
        found = false;
        search.runIfDue(TIMEOUT);
        return found;
    }

    private void search(long deadline) throws SQLException, InterruptedException {
        if (!frontIsFull(deadline)) {
            at = NOWHERE;
            return;
        }
        if (!searchEnd(deadline)) {
            sweep(deadline);
        }
    }

    private boolean frontIsFull(long deadline) throws SQLException, InterruptedException {
        if (frontIsFull || System.nanoTime() - countedNanos >= PAUSE_NANOS) {
            countedNanos = System.nanoTime();
            frontIsFull = link.run(countFront, FreshRowSearch::count, deadline) == SIZE;
        }
        return frontIsFull;
    }

    private boolean searchEnd(long deadline) throws SQLException, InterruptedException {
        while (end != null && !found) {
            Look look = look(end, deadline);
            if (look.kind() == Kind.END) {
                return false;
            }
            end = look.key();
            isFound(look);
        }
        return found;
    }

    /** The first time without a pause until the end, or until the time is up. */
    private void sweep(long deadline) throws SQLException, InterruptedException {
        if (!isFirstRound && System.nanoTime() - sweptNanos < PAUSE_NANOS) {
            return;
        }
        sweptNanos = System.nanoTime();
        long until = sweptNanos + PAUSE_NANOS;
        do {
            Look look = look(sweep, deadline);
            if (look.kind() == Kind.END) {
                end = end == null && !look.key().isEmpty() ? look.key() : end;
                sweep = null;
                isFirstRound = false;
            } else {
                sweep = look.key();
                isFound(look);
            }
        } while (isFirstRound && !found && System.nanoTime() < until);
    }

    private void isFound(Look look) {
        if (look.kind() == Kind.FRESH) {
            at = look.key();
            found = true;
        }
    }

    private Look look(@Nullable String from, long deadline) throws SQLException, InterruptedException {
        return from == null
                ? link.run(fromStart, FreshRowSearch::look, deadline)
                : link.run(fromKey, statement -> statement.setString(2, from), FreshRowSearch::look, deadline, false);
    }

    private static Look look(ResultSet row) throws SQLException {
        return row.next() ? new Look(row.getString(1), Kind.valueOf(row.getString(2))) : new Look(NOWHERE, Kind.END);
    }

    private static int count(ResultSet row) throws SQLException {
        row.next();
        return row.getInt(1);
    }
}
