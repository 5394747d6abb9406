package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL says it did to run a script with the script's own settings; what it changed is rolled back.
 *
 * @param read index entries and rows that it looked at, those whose row is gone included
 */
record Explained(List<String> plan, long read) {

    private static final Pattern PARAMETER = Pattern.compile("\\?(::\\w+(\\[])?)?");
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");
    private static final String READ = """
            SELECT pg_stat_get_xact_tuples_returned('claimant.message'::regclass)
                + coalesce(sum(pg_stat_get_xact_tuples_returned(i.indexrelid)), 0)
            FROM pg_index i WHERE i.indrelid IN ('claimant.message'::regclass, 'claimant.mark'::regclass)""";

    /** As KEDA's role runs it: alone, and by index. */
    static Explained scaling(TestQueue queue) {
        return of(queue.database, Script.byIndex(BacklogQuery.query(config(queue))));
    }

    static Explained claim(TestQueue queue) {
        return of(queue.database, statements(queue).claim(), "10");
    }

    static Statements statements(TestQueue queue) {
        return QueueStatements.of(new Claimer(queue.name, "some-job", "some-holder", Duration.ofSeconds(30)));
    }

    static PostgresConfig config(TestQueue queue) {
        return PostgresConfig.queue(queue.name).build();
    }

    /** The parameters are SQL, in order; the one that every script has for its time-out is not among them. */
    static Explained of(TestDatabase database, Script script, String... parameters) {
        String text = script.text().replaceFirst("\\?", "'60000'");
        int end = text.lastIndexOf(";\nCOMMIT");
        int begin = text.lastIndexOf(";\n", end - 1) + 2;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(text.substring(0, begin).replaceFirst("BEGIN[^;]*;", ""));
            statement.execute("PREPARE explained AS " + numbered(text.substring(begin, end)));
            List<String> plan = column(
                    statement,
                    "EXPLAIN (ANALYZE, BUFFERS) EXECUTE explained"
                            + (parameters.length == 0 ? "" : "(" + String.join(", ", parameters) + ")"));
            statement.execute("DEALLOCATE explained");
            long read = Long.parseLong(column(statement, READ).get(0));
            connection.rollback();
            return new Explained(plan, read);
        } catch (SQLException e) {
            throw new AssertionError(script.text(), e);
        }
    }

    /** Pages of 8 kB that it looked at. */
    long buffers() {
        Matcher hitAndRead = BUFFERS.matcher(String.join("\n", plan));
        return hitAndRead.find() ? number(hitAndRead.group(1)) + number(hitAndRead.group(2)) : 0;
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static String numbered(String sql) {
        int[] n = {0};
        Matcher parameters = PARAMETER.matcher(sql);
        return parameters.replaceAll(match -> {
            n[0]++;
            String type = match.group(1) == null ? "::bigint" : match.group(1);
            return "\\$" + n[0] + Matcher.quoteReplacement(type);
        });
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
