package dev.claimant.sample.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Watches the application's tables over a connection of its own: what the demo says of claps, the database says. */
final class ClapAudience implements AutoCloseable {

    private static final String COUNTS = """
            SELECT (SELECT count(*) FROM make_it_clap),
                (SELECT count(*) FROM make_it_clap JOIN clap USING (id) WHERE status = 'SUCCESS'),
                (SELECT count(*) FROM (
                    SELECT id FROM clap_log WHERE event = 'SUCCESS' GROUP BY id HAVING count(*) > 1) AS again),
                (SELECT count(*) FROM clap_log WHERE event = 'BEGUN'),
                (SELECT count(*) FROM claimant.dead)""";

    /** The worker that is well into a clap, and far from its end. */
    private static final String IN_THE_MIDDLE = """
            SELECT b.worker FROM clap_log b JOIN make_it_clap m USING (id)
            WHERE b.event = 'BEGUN' AND b.iteration = 1
                AND clock_timestamp() - b.at BETWEEN m.duration_seconds * interval '0.05 s' AND m.duration_seconds * interval '0.75 s'
                AND NOT EXISTS (SELECT 1 FROM clap_log e WHERE e.session_id = b.session_id AND e.event <> 'BEGUN')
            ORDER BY b.at DESC LIMIT 1""";

    private final Connection connection;
    private final PreparedStatement counts;
    private final PreparedStatement inTheMiddle;

    /**
     * @param claps that were asked for
     * @param success of these, how many are made
     * @param doubled how many were made more than once
     * @param begun how often one was begun
     * @param dead how many were given up
     */
    record Counts(int claps, int success, int doubled, int begun, int dead) {

        int lost() {
            return claps - success;
        }
    }

    ClapAudience(DataSource dataSource) throws SQLException {
        connection = dataSource.getConnection();
        counts = connection.prepareStatement(COUNTS);
        inTheMiddle = connection.prepareStatement(IN_THE_MIDDLE);
    }

    Counts count() throws SQLException {
        try (ResultSet row = counts.executeQuery()) {
            row.next();
            return new Counts(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5));
        }
    }

    /** The name of a pod in the middle of its first try, if there is one. */
    @Nullable String podInTheMiddleOfAClap() throws SQLException {
        try (ResultSet row = inTheMiddle.executeQuery()) {
            return row.next() ? row.getString(1) : null;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
