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
 * @param table as the application spells it; also the name of the queue
 * @param keyType the key's type, as SQL spells it
 */
record WorkTable(
        String table,
        String key,
        String keyType,
        List<String> columns,
        @Nullable String orderBy,
        String condition) {

    /** The text form of the key's type before it is known: enough for {@link #fresh}, which compares keys as text. */
    static WorkTable of(PostgresConfig config, String keyType) {
        return new WorkTable(config.queue, config.key, keyType, config.body, config.orderBy, config.pending);
    }

    String name() {
        return Sql.qualifiedName(table);
    }

    /**
     * The keys that are pending and have no message. Each key is looked up: {@code OFFSET 0} keeps the planner from a join, which it
     * would make by comparing each with each, since its statistics hardly ever know how many messages there are.
     */
    String fresh() {
        String order = orderBy == null ? "" : " ORDER BY t." + quoted(orderBy);
        return filled("""
                SELECT t.%1$s::text AS key FROM %2$s t
                WHERE (%3$s
                ) AND t.%1$s IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM claimant.message m WHERE m.queue = %4$s AND m.key = t.%1$s::text OFFSET 0)%5$s""", quoted(key), name(), condition, literal(table), order);
    }

    /** The row of a message. */
    String row(String message) {
        return "SELECT 1 FROM " + name() + " t WHERE " + isRowOf(message);
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
                "t.%1$s = CASE WHEN %2$s.queue = %3$s THEN %2$s.key::%4$s END",
                quoted(key), message, literal(table), keyType);
    }

    /** The row as a JSON object in UTF-8. */
    String body() {
        String json = columns.isEmpty()
                ? "to_json(t)"
                : "(SELECT to_json(b) FROM (SELECT "
                        + columns.stream().map(column -> "t." + quoted(column)).collect(Collectors.joining(", "))
                        + ") b)";
        return "convert_to(" + json + "::text, 'UTF8')";
    }
}
