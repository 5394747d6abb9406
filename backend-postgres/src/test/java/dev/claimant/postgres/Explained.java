package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What PostgreSQL says it did to run a statement; what the statement changed is rolled back.
 *
 * @param read index entries and rows that it looked at, those whose row is gone included
 */
record Explained(List<String> plan, long read) {

    private static final String READ = """
            SELECT pg_stat_get_xact_tuples_returned('claimant.message'::regclass)
                + coalesce(sum(pg_stat_get_xact_tuples_returned(i.indexrelid)), 0)
            FROM pg_index i WHERE i.indrelid IN ('claimant.message'::regclass, 'claimant.mark'::regclass)""";

    static Explained scaling(TestQueue queue) {
        return of(queue.database, Scaling.query(PostgresConfig.queue(queue.name).build()));
    }

    static Explained claim(TestQueue queue) {
        Claimer claimer = new Claimer(queue.name, "some-job", "some-holder", Duration.ofSeconds(30));
        return of(queue.database, last(QueueStatements.of(claimer).claim()).replace("?", "10"));
    }

    /** The statement that gives the result. */
    static String last(Script script) {
        String text = script.text();
        int end = text.lastIndexOf(";\nCOMMIT");
        return text.substring(text.lastIndexOf(";\n", end - 1) + 2, end);
    }

    static Explained of(TestDatabase database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off");
            List<String> plan = column(statement, "EXPLAIN (ANALYZE, BUFFERS) " + sql);
            long read = Long.parseLong(column(statement, READ).get(0));
            connection.rollback();
            return new Explained(plan, read);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static List<String> column(Statement statement, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    /** Prints what was read, and the plan too where the system property {@code claimant.explain} is set. */
    Explained print(String what) {
        if (Boolean.getBoolean("claimant.explain")) {
            System.out.println(String.join("\n", plan));
        }
        String buffers = plan.stream()
                .filter(line -> line.contains("Buffers:"))
                .findFirst()
                .orElse("")
                .strip();
        System.out.println(what + ": " + read + " read, " + buffers + ", " + plan.get(plan.size() - 1));
        return this;
    }
}
