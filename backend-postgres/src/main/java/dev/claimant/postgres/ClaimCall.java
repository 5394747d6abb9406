package dev.claimant.postgres;

import dev.claimant.Message;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One claim statement: its parameters, and its result, whose columns are {@link Statements#CLAIMED} and the body. */
final class ClaimCall implements SharedConnection.Binder, SharedConnection.Reader<ClaimCall.Rows> {

    /** What a claim brought, in the order in which the messages were enqueued. */
    record Rows(List<PostgresClaim> claims, List<Unreadable> unreadable) {}

    /** A message that is ours and cannot be handed out. */
    record Unreadable(long id, long fence, int attempt, Throwable failure) {}

    private final Claimer claimer;
    private final String completion;
    private final long first;
    private final @Nullable Object second;
    private final boolean isClaim;
    private long lockedUntilNanos;

    private ClaimCall(Claimer claimer, Statements statements, long first, @Nullable Object second, boolean isClaim) {
        this.claimer = claimer;
        this.completion = statements.completeOne();
        this.first = first;
        this.second = second;
        this.isClaim = isClaim;
    }

    /**
     * A claim that is yet to be sent.
     *
     * @param from the position or the key from which to look, where the statement has a parameter for it
     */
    static ClaimCall of(Claimer claimer, Statements statements, int demand, @Nullable Object from) {
        return new ClaimCall(claimer, statements, demand, from, true);
    }

    /** A look at one message that is claimed already, its lock begun. */
    static ClaimCall again(Claimer claimer, Statements statements, long id, long fence, long lockedUntilNanos) {
        ClaimCall call = new ClaimCall(claimer, statements, id, fence, false);
        call.lockedUntilNanos = lockedUntilNanos;
        return call;
    }

    /** The locks count from here: the server starts them later. */
    @Override
    public void bind(PreparedStatement statement) throws SQLException {
        statement.setLong(2, first);
        if (second != null) {
            statement.setObject(3, second);
        }
        if (isClaim) {
            lockedUntilNanos = System.nanoTime() + claimer.lockLength().toNanos();
        }
    }

    /** One that cannot be read must not take the others with it: the server has committed the claim of all. */
    @Override
    public Rows read(ResultSet rows) throws SQLException {
        List<PostgresClaim> claims = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        while (rows.next()) {
            try {
                claims.add(claim(rows));
            } catch (SQLException | RuntimeException | OutOfMemoryError e) {
                unreadable.add(new Unreadable(rows.getLong(1), rows.getLong(3), rows.getInt(4), e));
            }
        }
        if (claims.size() > 1) { // RETURNING promises no order
            claims.sort(Comparator.comparingLong(PostgresClaim::row));
        }
        return new Rows(claims, unreadable);
    }

    private PostgresClaim claim(ResultSet row) throws SQLException {
        long id = row.getLong(1);
        return new PostgresClaim(
                message(id, row),
                row.getInt(4),
                row.getInt(5),
                row.getInt(6),
                lockedUntilNanos,
                id,
                row.getLong(3),
                completion);
    }

    private Message message(long id, ResultSet row) throws SQLException {
        String key = row.getString(2);
        String idempotencyKey = row.getString(8);
        String name = key == null ? Long.toString(id) : key;
        // A row of the application's table that is pending anew is new work: its message has another id, and so another
        // key. Of a queue's messages an id may be drawn again for another, by a server that forgot the last ones.
        String ownKey = claimer.queue() + "/" + name + "/" + (key == null ? row.getLong(7) : id);
        return new Message(
                name,
                idempotencyKey == null ? ownKey : idempotencyKey,
                body(row.getBytes(11)),
                headers(row.getArray(9)),
                key == null ? enqueuedAt(row) : null,
                row.getString(10));
    }

    static byte[] body(byte @Nullable [] body) {
        return body == null ? new byte[0] : body;
    }

    private static Instant enqueuedAt(ResultSet row) throws SQLException {
        return Instant.EPOCH.plus(row.getLong(7), ChronoUnit.MICROS);
    }

    /** Stored as names and values in turn. */
    static Map<String, String> headers(@Nullable Array stored) throws SQLException {
        if (stored == null) {
            return Map.of();
        }
        Object array = stored.getArray();
        if (!(array instanceof String[] texts) || Arrays.asList(texts).contains(null)) {
            throw new IllegalStateException("its headers are " + stored + ", not names and values");
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i + 1 < texts.length; i += 2) {
            headers.put(texts[i], texts[i + 1]);
        }
        return headers;
    }
}
