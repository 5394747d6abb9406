package dev.claimant.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Where an ordered claim looks besides the front of the queue, a thousand messages at a time: thousands that must wait for one of their key
 * may stand before one that need not.
 */
final class OrderedLookAhead implements LookAhead {

    /** How many messages a claim looks through at the front, and as many in the window. */
    static final int SIZE = 1000;

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Link link;
    private final Script next;
    private final Upkeep move;
    private long from;

    OrderedLookAhead(Link link, String queue, Script next) {
        this.link = link;
        this.next = next;
        this.move = new Upkeep("look further into " + queue, Duration.ZERO, this::move);
    }

    /** A position; zero for the front alone. */
    @Override
    public Object from() {
        return from;
    }

    /** On to the next thousand, after the last ones to the front. A failure is logged: the claim that came before it counts. */
    @Override
    public boolean moveOn() {
        move.runIfDue(TIMEOUT);
        return false;
    }

    private void move(long deadline) throws SQLException, InterruptedException {
        from = link.run(next, statement -> statement.setLong(2, from), OrderedLookAhead::position, deadline, false);
    }

    private static long position(ResultSet row) throws SQLException {
        row.next();
        return row.getLong(1);
    }
}
