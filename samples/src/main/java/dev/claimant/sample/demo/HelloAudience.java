package dev.claimant.sample.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Watches the application's table and the inbox over a connection of its own. */
final class HelloAudience implements AutoCloseable {

    private static final String COUNTS =
            "SELECT (SELECT count(*) FROM greeting), (SELECT count(*) FROM claimant.inbox)";

    private final Connection connection;
    private final PreparedStatement counts;

    /**
     * What both say now.
     *
     * @param noted how many rows the greetings have left
     * @param messages for how many different messages
     */
    record Counts(int noted, int messages) {

        int doubled() {
            return noted - messages;
        }
    }

    HelloAudience(DataSource dataSource) throws SQLException {
        connection = dataSource.getConnection();
        counts = connection.prepareStatement(COUNTS);
    }

    Counts count() throws SQLException {
        try (ResultSet row = counts.executeQuery()) {
            row.next();
            return new Counts(row.getInt(1), row.getInt(2));
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
