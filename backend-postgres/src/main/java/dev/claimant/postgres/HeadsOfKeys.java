package dev.claimant.postgres;

import dev.claimant.postgres.SearchBehindFront.Kind;
import dev.claimant.postgres.SearchBehindFront.Look;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Of a queue whose workers keep order: messages that are the first of their key, and messages without one, in the order of positions. */
final class HeadsOfKeys implements SearchBehindFront.Lookout<Long> {

    static final Long NOWHERE = 0L;

    /** How many messages one look goes through, of however few keys. */
    static final int STEP = 20 * SearchBehindFront.SIZE;

    private final SharedConnection connection;
    private final Script look;

    /** The statement's parameter is a position; it gives one and a {@link Kind}. */
    HeadsOfKeys(SharedConnection connection, Script look) {
        this.connection = connection;
        this.look = look;
    }

    /** To count would cost as much as a look. */
    @Override
    public boolean frontIsFull(long deadline) {
        return true;
    }

    @Override
    public Look<Long> look(@Nullable Long from, long deadline) throws SQLException, InterruptedException {
        return connection.run(
                look,
                statement -> statement.setLong(2, from == null ? NOWHERE : from),
                HeadsOfKeys::look,
                deadline,
                false);
    }

    private static Look<Long> look(ResultSet row) throws SQLException {
        row.next();
        return new Look<>(row.getLong(1), Kind.valueOf(row.getString(2)));
    }
}
