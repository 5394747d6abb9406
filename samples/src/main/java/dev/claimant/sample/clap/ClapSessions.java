package dev.claimant.sample.clap;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Writes into {@code clap}, never over a later session, and notes it in {@code clap_log}; one statement each, so one transaction. */
final class ClapSessions {

    private static final String BEGIN = """
            WITH asked AS (SELECT ?::bigint AS id, ?::bigint AS session_id, ?::integer AS iteration, ?::text AS worker),
            work AS (SELECT w.duration_seconds FROM make_it_clap w JOIN asked a ON a.id = w.id),
            before AS (SELECT c.status FROM clap c JOIN asked a ON a.id = c.id),
            begun AS (
                INSERT INTO clap AS c (id, status, session_id, creation_date, creation_time, iteration)
                SELECT a.id, 'RUNNING', a.session_id, current_date, localtime, a.iteration FROM asked a, work
                ON CONFLICT (id) DO UPDATE
                SET status = 'RUNNING', session_id = excluded.session_id, iteration = excluded.iteration, end_time = NULL
                WHERE c.status <> 'SUCCESS' AND c.session_id < excluded.session_id
                RETURNING c.id),
            logged AS (
                INSERT INTO clap_log (id, event, worker, session_id, iteration)
                SELECT a.id, 'BEGUN', a.worker, a.session_id, a.iteration FROM asked a JOIN begun USING (id))
            SELECT CASE
                    WHEN EXISTS (SELECT 1 FROM begun) THEN 'BEGUN'
                    WHEN NOT EXISTS (SELECT 1 FROM work) THEN 'WITHDRAWN'
                    WHEN (SELECT status FROM before) = 'SUCCESS' THEN 'DONE_BEFORE'
                    ELSE 'OVERTAKEN' END,
                coalesce((SELECT duration_seconds FROM work), 0)""";

    private static final String END = """
            WITH asked AS (
                SELECT ?::bigint AS id, ?::bigint AS session_id, ?::integer AS iteration, ?::text AS worker, ?::text AS status),
            ended AS (
                UPDATE clap c SET status = a.status, end_time = localtime
                FROM asked a WHERE c.id = a.id AND c.session_id = a.session_id
                RETURNING c.id)
            INSERT INTO clap_log (id, event, worker, session_id, iteration)
            SELECT a.id, CASE WHEN EXISTS (SELECT 1 FROM ended) THEN a.status ELSE a.status || ' TOO LATE' END,
                a.worker, a.session_id, a.iteration
            FROM asked a
            RETURNING event NOT LIKE '% TOO LATE'""";

    private final DataSource dataSource;
    private final String worker;

    /** What became of the wish to begin. */
    enum Outcome {
        BEGUN,
        WITHDRAWN,
        DONE_BEFORE,
        OVERTAKEN
    }

    /** @param seconds how long to clap */
    record Beginning(Outcome outcome, int seconds) {}

    ClapSessions(DataSource dataSource, String worker) {
        this.dataSource = dataSource;
        this.worker = worker;
    }

    Beginning begin(ClapSession session) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = prepare(connection, BEGIN, session);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Beginning(Outcome.valueOf(row.getString(1)), row.getInt(2));
        }
    }

    /** Whether no later session had begun. */
    boolean succeed(ClapSession session) throws SQLException {
        return end(session, "SUCCESS");
    }

    void fail(ClapSession session) throws SQLException {
        end(session, "FAILED");
    }

    private boolean end(ClapSession session, String status) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = prepare(connection, END, session)) {
            statement.setString(5, status);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private PreparedStatement prepare(Connection connection, String sql, ClapSession session) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setLong(1, session.clap());
        statement.setLong(2, session.number());
        statement.setInt(3, session.iteration());
        statement.setString(4, worker);
        return statement;
    }
}
