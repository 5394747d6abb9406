package dev.claimant.postgres;

import dev.claimant.postgres.SearchBehindFront.Kind;
import dev.claimant.postgres.SearchBehindFront.Look;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Of an application's table: rows that look pending and have no message, in the order of their keys. */
final class FreshRows implements SearchBehindFront.Lookout<String> {

    static final String NOWHERE = "";

    private static final int FIRST_STEP = 10 * SearchBehindFront.SIZE;

    private final SharedConnection connection;
    private final Script countFront;
    private final Script fromStart;
    private final Script fromKey;

    FreshRows(SharedConnection connection, WorkTable table) {
        this.connection = connection;
        this.countFront = Script.plannedAnew(table.countPending(SearchBehindFront.SIZE));
        this.fromStart = Script.plannedAnew(table.firstFresh("", FIRST_STEP));
        this.fromKey = Script.plannedAnew(table.firstFresh(table.fromKey(), SearchBehindFront.SIZE));
    }

    @Override
    public boolean frontIsFull(long deadline) throws SQLException, InterruptedException {
        return connection.run(countFront, FreshRows::count, deadline) == SearchBehindFront.SIZE;
    }

    @Override
    public Look<String> look(@Nullable String from, long deadline) throws SQLException, InterruptedException {
        return from == null
                ? connection.run(fromStart, FreshRows::look, deadline)
                : connection.run(fromKey, statement -> statement.setString(2, from), FreshRows::look, deadline, false);
    }

    private static Look<String> look(ResultSet row) throws SQLException {
        return row.next()
                ? new Look<>(row.getString(1), Kind.valueOf(row.getString(2)))
                : new Look<>(NOWHERE, Kind.END);
    }

    private static int count(ResultSet row) throws SQLException {
        row.next();
        return row.getInt(1);
    }
}
