package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Message;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One claim statement: its parameters, and its answer, whose columns are {@link Statements#CLAIMED} and the body. */
final class ClaimCall implements Link.Binder, Link.Reader<List<Claim>> {

    private final PostgresConfig config;
    private final String completion;
    private final int demand;
    private final @Nullable Long from;
    private long lockedUntilNanos;

    /**
     * A call that is yet to be sent.
     *
     * @param from the position from which to look, where the statement has a parameter for it
     */
    ClaimCall(PostgresConfig config, String completion, int demand, @Nullable Long from) {
        this.config = config;
        this.completion = completion;
        this.demand = demand;
        this.from = from;
    }

    /** The locks count from here: the server starts them later. */
    @Override
    public void bind(PreparedStatement statement) throws SQLException {
        statement.setLong(2, demand);
        if (from != null) {
            statement.setLong(3, from);
        }
        lockedUntilNanos = System.nanoTime() + config.lockLength.toNanos();
    }

    /** In the order in which the messages were enqueued: {@code RETURNING} promises none. */
    @Override
    public List<Claim> read(ResultSet rows) throws SQLException {
        List<PostgresClaim> claims = new ArrayList<>();
        while (rows.next()) {
            claims.add(claim(rows));
        }
        claims.sort((one, other) -> Long.compare(one.row(), other.row()));
        return List.copyOf(claims);
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
        String ownKey = config.queue + "/" + name + "/" + (key == null ? row.getLong(7) : id);
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
        String[] texts = (String[]) stored.getArray();
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i + 1 < texts.length; i += 2) {
            headers.put(texts[i], texts[i + 1]);
        }
        return headers;
    }
}
