package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the application's table, its columns and the condition are what the settings say, and whether a claim finds rows by index. */
final class TableCheck {

    private static final Logger log = LoggerFactory.getLogger(TableCheck.class);
    private final SharedConnection connection;
    private final PostgresConfig config;
    private final List<String> problems;

    /** What is known of a column and of its table. */
    private record Attribute(
            String type,
            boolean hasOneText,
            boolean unique,
            String schema,
            String table,
            boolean rowsMayBeHidden,
            boolean wakesWorkers) {}

    TableCheck(SharedConnection connection, PostgresConfig config, List<String> problems) {
        this.connection = connection;
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
                    + " has no unique index of its own that covers all rows, those of child tables too; two rows with one key"
                    + " would be one message");
        }
        if (key != null && !key.hasOneText()) {
            problems.add("key: column " + config.key + " of " + config.queue + " is of type " + key.type()
                    + ", whose text depends on the session or does not tell its values apart; usable are whole numbers, numeric,"
                    + " uuid, text, date, timestamp with or without time zone, bytea, inet, macaddr and enumerations");
        }
        if (key != null && key.rowsMayBeHidden()) {
            problems.add(
                    "table: row-level security hides rows of " + config.queue
                            + " from this role, and a row that is hidden looks as one that is gone; work with a role that sees all rows");
        }
        explain("pending", "SELECT 1 FROM " + Sql.qualifiedName(config.queue) + " t WHERE (" + config.pending + "\n)");
        if (!problems.isEmpty() || key == null) {
            return null;
        }
        WorkTable table = WorkTable.of(config, key.schema(), key.table(), key.type(), key.wakesWorkers());
        warnOfScans(explain("table", table.allPending() + " LIMIT 1"));
        explain("body", "SELECT " + table.body() + " FROM " + table.table() + " t");
        return table;
    }

    private void exists(String setting, String column, Map<String, Attribute> columns) {
        if (!columns.containsKey(column)) {
            problems.add(setting + ": table " + config.queue + " has no column '" + column + "'");
        }
    }

    /** By name; empty after adding to the problems. */
    private Map<String, Attribute> columns() throws InterruptedException {
        Script script = Script.plannedAnew(filled(COLUMNS, literal(Sql.qualifiedName(config.queue))));
        try {
            Map<String, Attribute> columns = connection.run(script, TableCheck::read, config.statementDeadline());
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

    /** The plan as JSON; "[]" after adding to the problems. */
    private String explain(String setting, String query) throws InterruptedException {
        try {
            Script script = Script.withoutScans("EXPLAIN (VERBOSE, FORMAT JSON) " + query);
            return connection.run(script, TableCheck::text, config.statementDeadline());
        } catch (SQLException e) {
            String value = setting.equals("pending") ? config.pending : config.queue;
            problems.add(setting + ": '" + value + "': " + PostgresErrors.describe(e));
            return "[]";
        }
    }

    private void warnOfScans(String plan) throws InterruptedException {
        try {
            Script script = Script.plannedAnew(READ_WHOLLY);
            connection.run(
                    script, statement -> statement.setString(2, plan), this::warn, config.statementDeadline(), false);
        } catch (SQLException e) {
            log.debug("cannot tell what a claim from {} reads: {}", config.queue, PostgresErrors.describe(e));
        }
    }

    /** A condition with a sub-select cannot be that of an index. */
    private String remedy() {
        if (config.pending.toLowerCase(Locale.ROOT).contains("select")) {
            return "make an index on the columns by which its sub-selects look up rows";
        }
        String column = config.orderBy == null ? config.key : config.orderBy;
        return "CREATE INDEX CONCURRENTLY ON " + Sql.qualifiedName(config.queue) + " (" + Sql.quoted(column)
                + ") WHERE " + config.pending.replaceAll("\\bt\\.", "") + " would";
    }

    private int warn(ResultSet rows) throws SQLException {
        int warnings = 0;
        for (; rows.next(); warnings++) {
            log.warn(
                    "a claim from {} may read all of {} ({}): no index serves the condition {}; {}",
                    config.queue,
                    rows.getString(1),
                    rows.getString(2),
                    config.pending,
                    remedy());
        }
        return warnings;
    }

    private static Map<String, Attribute> read(ResultSet rows) throws SQLException {
        Map<String, Attribute> columns = new HashMap<>();
        while (rows.next()) {
            columns.put(
                    rows.getString(1),
                    new Attribute(
                            rows.getString(2),
                            rows.getBoolean(3),
                            rows.getBoolean(4),
                            rows.getString(5),
                            rows.getString(6),
                            rows.getBoolean(7),
                            rows.getBoolean(8)));
        }
        return columns;
    }

    private static String text(ResultSet row) throws SQLException {
        row.next();
        return row.getString(1);
    }

    /**
     * Big tables which a plan reads from end to end: scanned, or walked by an index that the condition does not narrow. The plan is
     * made with scans discouraged: one that is left has no index that could replace it. To read 8 MB once is nothing, to read them at
     * every claim is. Asks for the size of no other table: a schema may have thousands.
     */
    private static final String READ_WHOLLY = """
            SELECT DISTINCT r.oid::text, pg_size_pretty(pg_relation_size(r.oid))
            FROM jsonb_path_query(?::jsonb, '$.** ? (exists (@."Relation Name"))') p
            CROSS JOIN LATERAL (
                SELECT to_regclass(format('%I.%I', p ->> 'Schema', p ->> 'Relation Name')) AS oid OFFSET 0) r
            WHERE pg_relation_size(r.oid) >= 8000000 AND (p ->> 'Node Type' = 'Seq Scan'
                OR p ->> 'Node Type' LIKE 'Index%' AND p -> 'Index Cond' IS NULL AND NOT EXISTS (
                    SELECT 1 FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                    WHERE i.indrelid = r.oid AND x.relname = p ->> 'Index Name' AND i.indpred IS NOT NULL))""";

    /** A domain counts as what it is made of. Types are named so that any search path understands them. */
    private static final String COLUMNS = """
            WITH RECURSIVE domain AS (
                SELECT t.oid AS of, t.oid AS type, NULL::integer AS modifier FROM pg_type t
                UNION ALL
                SELECT d.of, t.typbasetype, t.typtypmod FROM domain d JOIN pg_type t ON t.oid = d.type WHERE t.typtype = 'd')
            SELECT a.attname,
                CASE WHEN b.typnamespace = 'pg_catalog'::regnamespace
                    THEN format_type(b.oid, coalesce(d.modifier, a.atttypmod))
                    ELSE '"' || replace(y.nspname, '"', '""') || '"."' || replace(b.typname, '"', '""') || '"' END,
                b.typtype = 'e' OR b.typnamespace = 'pg_catalog'::regnamespace AND b.typname IN ('int2', 'int4', 'int8', 'numeric',
                    'oid', 'uuid', 'text', 'varchar', 'bpchar', 'name', 'date', 'timestamp', 'timestamptz', 'bytea', 'inet', 'cidr',
                    'macaddr', 'macaddr8'),
                EXISTS (
                    SELECT 1 FROM pg_index i
                    WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
                        AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum
                        AND (c.relkind = 'p' OR NOT EXISTS (SELECT 1 FROM pg_inherits h WHERE h.inhparent = c.oid))),
                n.nspname, c.relname, row_security_active(c.oid),
                EXISTS (
                    SELECT 1 FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
                    WHERE g.tgrelid = c.oid AND g.tgenabled IN ('O', 'A')
                        AND p.proname = 'wake_workers' AND p.pronamespace = to_regnamespace('claimant'))
            FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN domain d ON d.of = a.atttypid
            JOIN pg_type b ON b.oid = d.type AND b.typtype <> 'd'
            JOIN pg_namespace y ON y.oid = b.typnamespace
            WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped""";
}
