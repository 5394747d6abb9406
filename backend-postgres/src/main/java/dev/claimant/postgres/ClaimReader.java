package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Message;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the answer to one claim statement, whose columns are {@link Statements#CLAIMED} and the body. */
final class ClaimReader {

    private final PostgresConfig config;
    private final String completion;
    private long lockedUntilNanos;

    ClaimReader(PostgresConfig config, String completion) {
        this.config = config;
        this.completion = completion;
    }

    /** The locks count from here: the server starts them later. */
    void sent() {
        lockedUntilNanos = System.nanoTime() + config.lockLength.toNanos();
    }

    /** In the order in which the messages were enqueued: {@code RETURNING} promises none. */
    List<Claim> read(ResultSet rows) throws SQLException {
        List<PostgresClaim> claims = new ArrayList<>();
        while (rows.next()) {
            claims.add(claim(rows));
        }
        claims.sort(Comparator.comparingLong(PostgresClaim::row));
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
        // key.
        String ownKey = config.queue + "/" + name + (key == null ? "" : "/" + id);
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
        return row.getObject(7, OffsetDateTime.class).toInstant();
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
