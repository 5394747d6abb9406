package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A server that writes down how it executed what it was sent.
 *
 * @see <a href="https://www.postgresql.org/docs/current/auto-explain.html">auto_explain</a>
 */
final class ExplainingServer implements AutoCloseable {

    private static final Map<String, String> SETTINGS = Map.of(
            "session_preload_libraries", "auto_explain",
            "auto_explain.log_min_duration", "0",
            "auto_explain.log_analyze", "on",
            "auto_explain.log_buffers", "on",
            "auto_explain.log_timing", "off",
            "logging_collector", "on",
            "log_destination", "jsonlog",
            "log_filename", "explain.log",
            "log_rotation_size", "0",
            "shared_buffers", "512MB");

    private static final String LOGGED = """
            SELECT l::jsonb ->> 'message' FROM regexp_split_to_table(pg_read_file('log/explain.json'), '\\n') l
            WHERE l LIKE '%plan:%'""";

    private static final Pattern PLAN = Pattern.compile(
            "duration: ([\\d.]+) ms +plan:\\s+Query Text:\\s+(.*?)(?:\\nQuery Parameters: [^\\n]*)?\\n((?:Limit|Aggregate|Sort|Nested|Hash|"
                    + "Merge|Update|Delete|Insert|Index|Seq|Result|Append|CTE|LockRows|Subquery|Function|ProjectSet|Unique|WindowAgg|Gather|Bitmap|Values|Materialize).*)",
            Pattern.DOTALL);
    private static final Pattern NOT_WORTH_IT = Pattern.compile("SELECT set_config|EXPLAIN|SELECT pg_advisory");
    private static final Pattern TITLE = Pattern.compile("SELECT '== (.*)'");
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");
    /** A node that touches a table, or joins. */
    private static final Pattern ACCESS = Pattern.compile(
            "^[\\s>-]*+((?!CTE|Function|Subquery|Values).*(?: on |Join|Materialize).*?)\\s+\\(cost=[^)]*\\)"
                    + "\\s+(?:\\(actual rows=([\\d.]+) loops=(\\d+)\\)|\\(never executed\\))");

    private final OwnServer server;

    private ExplainingServer(OwnServer server) {
        this.server = server;
    }

    static ExplainingServer start() {
        OwnServer server = OwnServer.started(SETTINGS);
        PostgresSource.migrate(server.dataSource());
        return new ExplainingServer(server);
    }

    DataSource dataSource() {
        return server.dataSource();
    }

    String version() {
        return rows("SHOW server_version").get(0);
    }

    /** What follows belongs under this heading. */
    void title(String title) {
        rows("SELECT '== " + title + "'");
    }

    void run(String query) {
        rows(query);
    }

    /** Not written down. */
    void quietly(String sql) {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET auto_explain.log_min_duration = -1");
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private List<String> rows(String query) {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /** Markdown: under each heading the last execution of each statement. */
    String explained() {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        String title = "";
        for (String logged : rows(LOGGED)) {
            Matcher plan = PLAN.matcher(logged);
            if (!plan.find()) {
                continue;
            }
            Matcher heading = TITLE.matcher(plan.group(2));
            if (heading.find()) {
                title = heading.group(1);
            } else if (!title.isEmpty() && !NOT_WORTH_IT.matcher(plan.group(2)).lookingAt()) {
                sections.computeIfAbsent(title, key -> new LinkedHashMap<>()).put(plan.group(2), entry(plan));
            }
        }
        StringBuilder page = new StringBuilder();
        sections.forEach((heading, entries) -> {
            page.append("## ").append(heading).append("\n\n");
            entries.values().forEach(page::append);
        });
        return page.toString();
    }

    private static String entry(Matcher plan) {
        Matcher buffers = BUFFERS.matcher(plan.group(3));
        long pages = buffers.find() ? number(buffers.group(1)) + number(buffers.group(2)) : 0;
        return "`%s`%n%s ms, %d buffers%n%n```%n%s```%n%n"
                .formatted(beginning(plan.group(2)), plan.group(1), pages, accesses(plan.group(3)));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static String beginning(String query) {
        String line = query.replaceAll("\\s+", " ").strip();
        return line.length() > 110 ? line.substring(0, 110) + " …" : line;
    }

    /** How rows of tables were found, in which order, and how many: the rest of a plan moves them about. */
    private static String accesses(String plan) {
        StringBuilder accesses = new StringBuilder();
        for (String line : plan.split("\n", -1)) {
            Matcher access = ACCESS.matcher(line);
            if (access.find()) {
                String loops = access.group(3);
                String rows = loops == null
                        ? "not needed"
                        : access.group(2).replaceFirst("\\.00$", "") + " rows"
                                + (loops.equals("1") ? "" : " × " + loops);
                accesses.append(access.group(1)).append(": ").append(rows).append('\n');
            } else if (line.contains("Index Cond:") && !accesses.isEmpty()) {
                accesses.append("    ").append(line.strip()).append('\n');
            }
        }
        return accesses.toString();
    }

    @Override
    public void close() {
        server.close();
    }
}
