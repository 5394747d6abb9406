package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;
import static dev.claimant.postgres.Sql.quoted;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table that the application owns, as SQL. Its row is {@code t} throughout.
 *
 * @param name under which its messages are kept: the same however the table is spelled
 * @param queue the expression of that name
 * @param table its name, quoted, as every session understands it
 * @param keyType the key's type, as SQL spells it
 * @param wakesWorkers whether a trigger of it notifies
 */
record WorkTable(
        String name,
        String queue,
        String table,
        String key,
        String keyType,
        List<String> columns,
        @Nullable String orderBy,
        String condition,
        boolean wakesWorkers) {

    /** The table that the name stands for in this session. */
    static WorkTable of(PostgresConfig config, String schema, String name, String keyType, boolean wakesWorkers) {
        // What claimant.table_name gives.
        String queue = schema.equals("public") ? name : schema + "." + name;
        String table = quoted(schema) + "." + quoted(name);
        return new WorkTable(
                queue,
                literal(queue),
                table,
                config.key,
                keyType,
                config.body,
                config.orderBy,
                config.pending,
                wakesWorkers);
    }

    /** As the settings spell it: enough for {@link #fresh} in a session of another's, which finds the table by its own search path. */
    static WorkTable unresolved(PostgresConfig config) {
        String table = Sql.qualifiedName(config.queue);
        return new WorkTable(
                config.queue,
                queueOf(table),
                table,
                config.key,
                "",
                config.body,
                config.orderBy,
                config.pending,
                false);
    }

    /** The expression of the name under which a table's messages are kept. */
    static String queueOf(String table) {
        return "(SELECT claimant.table_name(" + literal(table) + "::regclass))";
    }

    /** All keys that are pending, in the order asked for. */
    String allPending() {
        return pendingKeys() + order();
    }

    /**
     * How many keys are pending and have no message, up to a number, and when the first of them came, where the column that orders them is a
     * time; one that is infinite, before Christ or after the year 9999 counts for nothing there. Two sets are compared, as in {@code claimant.table_scaler}: a look-up for each key would take longer.
     */
    String fresh(int most) {
        String time = filled("""
                CASE WHEN pg_typeof(t.%1$s) IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
                    AND t.%1$s::text ~ '^[0-9]{4}-[^B]*$' THEN t.%1$s::text::timestamptz END""", quoted(orderBy == null ? key : orderBy));
        return filled(
                """
                SELECT least(%1$s, count(*)) AS n, min(at) AS at FROM (
                    SELECT min(u.at) AS at FROM (
                        (%2$s%3$s LIMIT %1$s + (SELECT count(*) FROM claimant.message m WHERE m.queue = %4$s AND m.key IS NOT NULL))
                        UNION ALL
                        SELECT m.key, NULL, true FROM claimant.message m WHERE m.queue = %4$s AND m.key IS NOT NULL) u
                    GROUP BY u.key HAVING NOT bool_or(u.known)) f""",
                most,
                pending("claimant.key_text(t." + quoted(key) + ") AS key, " + time + " AS at, false AS known"),
                order(),
                queue);
    }

    /**
     * The keys of the first ones that are pending, and of some from a key on, that have no message: what a claim looks through. Each is looked
     * up: {@code OFFSET 0} keeps the planner from a join, which it would make by comparing each with each, since its statistics hardly ever
     * know how many messages there are.
     */
    String freshAmong(int first, String fromKey) {
        return filled("""
                SELECT c.key FROM (
                    (%1$s%2$s LIMIT %3$s)
                    UNION ALL
                    (%1$s AND t.%4$s >= %5$s::%6$s ORDER BY t.%4$s LIMIT %3$s)) c
                WHERE %7$s""", pendingKeys(), order(), first, quoted(key), fromKey, keyType, hasNoMessage("c.key"));
    }

    /** How many are pending, up to a number. */
    String countPending(int most) {
        return "SELECT count(*) FROM (" + pendingKeys() + " LIMIT " + most + ") p";
    }

    /**
     * Of the first keys, in the order of keys, that are pending: one that has no message; else the one after them; else the first.
     *
     * @param bound which keys to look at, beginning with {@code AND}
     */
    String firstFresh(String bound, int most) {
        String keyText = "claimant.key_text(l." + quoted(key) + ")";
        return filled("""
                WITH looked_at AS MATERIALIZED (
                    SELECT t.%1$s, row_number() OVER (ORDER BY t.%1$s) AS n FROM %2$s t
                    WHERE (%3$s
                    ) AND t.%1$s IS NOT NULL%4$s ORDER BY t.%1$s LIMIT %5$s + 1)
                (SELECT %6$s, 'FOUND' FROM looked_at l WHERE l.n <= %5$s AND %7$s ORDER BY l.n LIMIT 1)
                UNION ALL
                (SELECT %6$s, 'MORE' FROM looked_at l WHERE l.n > %5$s)
                UNION ALL
                (SELECT %6$s, 'END' FROM looked_at l WHERE l.n = 1)
                LIMIT 1""", quoted(key), table, condition, bound, most, keyText, hasNoMessage(keyText));
    }

    /** For {@link #firstFresh}: the keys from the one parameter on. */
    String fromKey() {
        return " AND t." + quoted(key) + " >= ?::text::" + keyType;
    }

    private String pendingKeys() {
        return pending("claimant.key_text(t." + quoted(key) + ") AS key");
    }

    private String pending(String selected) {
        return filled("""
                SELECT %4$s FROM %2$s t
                WHERE (%3$s
                ) AND t.%1$s IS NOT NULL""", quoted(key), table, condition, selected);
    }

    private String order() {
        return orderBy == null ? "" : " ORDER BY t." + quoted(orderBy);
    }

    private String hasNoMessage(String keyText) {
        return filled(
                "NOT EXISTS (SELECT 1 FROM claimant.message m WHERE m.queue = %s AND m.key = %s OFFSET 0)",
                queue, keyText);
    }

    /** The row of a message. */
    String row(String message) {
        return "SELECT 1 FROM " + table + " t WHERE " + isRowOf(message);
    }

    /** The row of a message, if it looks pending. */
    String pendingRow(String message) {
        return row(message) + " AND (" + condition + "\n)";
    }

    /**
     * Compares in the key's own type, so that the table's index on the key serves. The server may look at messages of other tables before it
     * finds that they are not meant, and their keys may be of a type that has no such value.
     */
    String isRowOf(String message) {
        return filled(
                "t.%1$s = CASE WHEN %2$s.queue = %3$s THEN %2$s.key::%4$s END", quoted(key), message, queue, keyType);
    }

    /** The row as a JSON object in UTF-8. With the asterisk: a column may be called as the row is here. */
    String body() {
        String json = columns.isEmpty()
                ? "to_json(t.*)"
                : "(SELECT to_json(b.*) FROM (SELECT "
                        + columns.stream().map(column -> "t." + quoted(column)).collect(Collectors.joining(", "))
                        + ") b)";
        return "convert_to(" + json + "::text, 'UTF8')";
    }
}
