package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.literal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the application's table, its columns and the condition are what the settings say, and whether a claim finds rows by index. */
final class TableCheck {

    private static final Logger log = LoggerFactory.getLogger(TableCheck.class);
    private static final Pattern SCANNED = Pattern.compile("Seq Scan on (\\S+)");

    /** To read so much once is nothing, to read it at every claim is. */
    private static final long BIG_BYTES = 8_000_000;

    private final Link link;
    private final PostgresConfig config;
    private final List<String> problems;

    /** What is known of a column. */
    private record Attribute(String type, boolean unique) {}

    TableCheck(Link link, PostgresConfig config, List<String> problems) {
        this.link = link;
        this.config = config;
        this.problems = problems;
    }

    /** The table as it is, or null after adding to the problems. */
    @Nullable WorkTable check() throws InterruptedException {
        Map<String, Attribute> columns = columns();
        if (columns.isEmpty()) {
            return null;
        }
        exists("key", config.key, columns);
        config.body.forEach(name -> exists("body", name, columns));
        if (config.orderBy != null) {
            exists("orderBy", config.orderBy, columns);
        }
        Attribute key = columns.get(config.key);
        if (key != null && !key.unique()) {
            problems.add("key: column " + config.key + " of " + config.queue
                    + " has no unique index of its own; two rows with one key would be one message");
        }
        explain("pending", "SELECT 1 FROM " + Sql.qualifiedName(config.queue) + " t WHERE (" + config.pending + "\n)");
        if (!problems.isEmpty() || key == null) {
            return null;
        }
        WorkTable table = WorkTable.of(config, key.type());
        warnOfScans(explain("table", table.fresh() + " LIMIT 1"));
        explain("body", "SELECT " + table.body() + " FROM " + table.name() + " t");
        return table;
    }

    private void exists(String setting, String column, Map<String, Attribute> columns) {
        if (!columns.containsKey(column)) {
            problems.add(setting + ": table " + config.queue + " has no column '" + column + "'");
        }
    }

    /** By name; empty after adding to the problems. */
    private Map<String, Attribute> columns() throws InterruptedException {
        Script script = Script.plannedAnew(COLUMNS.formatted(literal(Sql.qualifiedName(config.queue))));
        try {
            Map<String, Attribute> columns = link.run(script, TableCheck::read, deadline());
            if (columns.isEmpty()) {
                problems.add(
                        "table: '" + config.queue + "' does not exist; names are taken as the database spells them");
            }
            return columns;
        } catch (SQLException e) {
            problems.add("table: '" + config.queue + "': " + PostgresErrors.describe(e));
            return Map.of();
        }
    }

    /** The plan, line by line; empty after adding to the problems. */
    private List<String> explain(String setting, String query) throws InterruptedException {
        try {
            return link.run(
                    Script.withoutScans("EXPLAIN (VERBOSE) " + query),
                    statement -> {},
                    TableCheck::lines,
                    deadline(),
                    false);
        } catch (SQLException e) {
            String value = setting.equals("pending") ? config.pending : config.queue;
            problems.add(setting + ": '" + value + "': " + PostgresErrors.describe(e));
            return List.of();
        }
    }

    /** The plan was made with sequential scans discouraged: one that is left has no index that could replace it. */
    private void warnOfScans(List<String> plan) throws InterruptedException {
        for (String line : plan) {
            Matcher scan = SCANNED.matcher(line);
            if (scan.find()) {
                warnIfBig(scan.group(1));
            }
        }
    }

    private void warnIfBig(String table) throws InterruptedException {
        Script size = Script.byIndex("SELECT pg_relation_size(" + literal(table) + "::regclass)");
        try {
            long bytes = link.run(size, TableCheck::number, deadline());
            if (bytes >= BIG_BYTES) {
                log.warn(
                        "every claim from {} reads all of {} ({} MB): no index serves the condition {}",
                        config.queue,
                        table,
                        bytes / 1_000_000,
                        config.pending);
            }
        } catch (SQLException e) {
            log.debug("size of {}: {}", table, e.toString());
        }
    }

    private long deadline() {
        return System.nanoTime() + config.statementTimeout.toNanos();
    }

    private static Map<String, Attribute> read(ResultSet rows) throws SQLException {
        Map<String, Attribute> columns = new HashMap<>();
        while (rows.next()) {
            columns.put(rows.getString(1), new Attribute(rows.getString(2), rows.getBoolean(3)));
        }
        return columns;
    }

    private static List<String> lines(ResultSet rows) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            lines.add(rows.getString(1));
        }
        return lines;
    }

    private static long number(ResultSet row) throws SQLException {
        row.next();
        return row.getLong(1);
    }

    private static final String COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), EXISTS (
                SELECT 1 FROM pg_index i
                WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
                    AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)
            FROM pg_attribute a
            WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped""";
}
