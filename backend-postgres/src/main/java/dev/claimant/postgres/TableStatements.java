package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import java.util.List;

/**
 * Of a table that the application owns: its rows are read, never written. A row gets a message when it is first claimed; the message
 * stays while the row must not be taken for new work, and brings the row back whatever the condition says.
 *
 * <p>Claims of one table go one after the other, by a lock that ends with the transaction: each sees what the one before it took, and
 * no two ever try to insert the same key.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS">Advisory locks</a>
 */
final class TableStatements {

    /** Not of a queue that has the table's name. In other words, the planner could take it for a reason to read all keys. */
    private static final String OWN = " AND num_nonnulls(m.key) = 1";

    private TableStatements() {}

    static Statements of(Claimer claimer, WorkTable table) {
        String complete = complete(table);
        String contents = Statements.CLAIMED + ", " + body(table);
        return new Statements(
                claim(claimer, table, contents),
                null,
                claim(claimer, table, "m.id"),
                Script.plannedAnew("SELECT " + contents + " FROM claimant.message m WHERE m.id = ? AND m.fence = ?"),
                Script.plannedAnew(MessageStatements.held(claimer.holder()) + complete),
                MessageStatements.heldOne(claimer.holder()) + complete,
                deadLetter(claimer, table, body(table)),
                deadLetter(claimer, table, Statements.NONE),
                List.of(tidy(claimer, table, "done"), tidy(claimer, table, "dead")),
                connection ->
                        new SearchBehindFront<>(table.name(), new FreshRows(connection, table), FreshRows.NOWHERE));
    }

    private static Script claim(Claimer claimer, WorkTable table, String contents) {
        String turn =
                "SELECT pg_advisory_xact_lock(hashtextextended(" + literal("claimant " + claimer.queue()) + ", 0))";
        String claim = claimer.withBack("", OWN)
                + filled(
                        """
                , further AS MATERIALIZED (SELECT ?::text AS key), orphaned AS (
                    DELETE FROM claimant.message m USING back b
                    WHERE m.id = b.id AND NOT EXISTS (%1$s))
                , again AS (
                %2$sRETURNING m.*)
                , fresh AS (
                    INSERT INTO claimant.message
                        (queue, key, by_value, state, fence, locked_until, holder, owner, attempt, delivery)
                    SELECT %3$s, t.key, true, 'working', nextval('claimant.position'), now() + %4$s, %5$s, %6$s, 1, 1
                    FROM (%7$s LIMIT (SELECT n FROM demand) - (SELECT count(*) FROM back)) t
                    ON CONFLICT DO NOTHING
                    RETURNING *)
                SELECT %8$s
                FROM (SELECT * FROM again UNION ALL SELECT * FROM fresh) m""",
                        table.row("m"),
                        claimer.lock("SELECT m.id FROM claimant.message m JOIN back b ON b.id = m.id WHERE EXISTS ("
                                + table.row("m") + ")"),
                        literal(claimer.queue()),
                        Sql.interval(claimer.lockLength()),
                        literal(claimer.holder()),
                        Sql.nullableLiteral(claimer.owner()),
                        table.freshAmong(SearchBehindFront.SIZE, "nullif((SELECT key FROM further), '')"),
                        contents);
        return Script.plannedAnew(turn, claim);
    }

    /**
     * Of what is held, what looks pending still: its message stays, so that the row is not taken for new work. So does one whose row the
     * role may be unable to see, in whose transaction this may run.
     */
    private static String pending(WorkTable table) {
        return filled("""
                , pending AS MATERIALIZED (
                    SELECT m.id FROM claimant.message m JOIN held h ON h.id = m.id
                    WHERE EXISTS (%s) OR row_security_active(%s)),
                gone AS (
                    DELETE FROM claimant.message m USING held h
                    WHERE m.id = h.id AND m.id NOT IN (SELECT id FROM pending) RETURNING m.*),
                """, table.pendingRow("m"), literal(table.table()));
    }

    private static String complete(WorkTable table) {
        return pending(table) + """
                done AS (
                    UPDATE claimant.message m
                    SET state = 'done', position = nextval('claimant.position'),
                        owner = NULL, locked_until = NULL, history = NULL
                    FROM pending p WHERE m.id = p.id RETURNING m.id)
                SELECT id FROM gone UNION ALL SELECT id FROM done""";
    }

    private static Script deadLetter(Claimer claimer, WorkTable table, String body) {
        return Script.plannedAnew(MessageStatements.held(claimer.holder(), ", ?::text[], ?::text[]", ", reason, error")
                + pending(table)
                + """
                dead AS (
                    UPDATE claimant.message m
                    SET state = 'dead', position = nextval('claimant.position'), owner = NULL, locked_until = NULL
                    FROM pending p WHERE m.id = p.id RETURNING m.*),
                ended AS (SELECT * FROM gone UNION ALL SELECT * FROM dead)
                """
                + Statements.insertDeadLetters("ended", body));
    }

    /** Of the message's row; absent when the row is gone. */
    private static String body(WorkTable table) {
        return filled("(SELECT %s FROM %s t WHERE %s)", table.body(), table.table(), table.isRowOf("m"));
    }

    /** Gives how many were looked at, how many of them removed, and the position of the last. */
    private static Script tidy(Claimer claimer, WorkTable table, String state) {
        return Script.plannedAnew(
                filled("""
                WITH looked_at AS MATERIALIZED (
                    SELECT m.id, m.queue, m.key, m.position FROM claimant.message m
                    WHERE m.queue = %s AND m.state = '%s' AND m.position > ?
                    ORDER BY m.position LIMIT %s FOR UPDATE SKIP LOCKED),
                gone AS (
                    DELETE FROM claimant.message m
                    WHERE m.id = ANY (ARRAY(SELECT s.id FROM looked_at s WHERE NOT EXISTS (%s))) RETURNING m.id)
                SELECT count(*), (SELECT count(*) FROM gone), max(position) FROM looked_at""", literal(claimer.queue()), state, FinishedRows.SIZE, table.pendingRow("s")));
    }
}
