package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import java.util.List;

/**
 * Of a queue whose workers keep order: of the messages with one ordering key only the first that is unfinished is handed out, whatever
 * state it is in, and only while no other one of them is being worked on. First is who has the lowest id; of those that are ready, who has the
 * lowest position, which is the same except for what was redriven. A message whose transaction commits late may come before one that is worked
 * on already; it waits for that one then.
 *
 * <p>Each question is asked once for each key that a claim meets, and none reads what lies below the mark: however many messages of a busy key are
 * gone and not yet vacuumed. What is worked on is read as a whole, from its mark on.
 *
 * <p>Claims go one after the other, by a lock that ends with the transaction: each sees what the one before it took. Without that, two
 * could hand out two messages of one key whose transactions commit in that moment.
 */
final class OrderedStatements {

    private OrderedStatements() {}

    static Statements of(Claimer claimer) {
        Statements unordered = QueueStatements.of(claimer);
        Script look = look(claimer);
        return new Statements(
                claim(claimer, QueueStatements.RETURNING),
                null,
                claim(claimer, QueueStatements.UNREAD),
                unordered.readOne(),
                unordered.complete(),
                unordered.completeOne(),
                unordered.deadLetter(),
                unordered.deadLetterUnread(),
                List.of(),
                connection -> new SearchBehindFront<>(
                        claimer.queue(), new HeadsOfKeys(connection, look), HeadsOfKeys.NOWHERE));
    }

    private static Script claim(Claimer claimer, String returning) {
        String queue = literal(claimer.queue());
        String turn = "SELECT pg_advisory_xact_lock(hashtextextended(" + literal("claimant order of " + claimer.queue())
                + ", 0))";
        String front = ready(queue, "coalesce((SELECT ready_from FROM mark), 0)", SearchBehindFront.SIZE);
        String further = ready(
                queue, "greatest((SELECT ready_from FROM mark), (SELECT n FROM further))", SearchBehindFront.SIZE);
        String claim = claimer.withBack(
                        "further AS MATERIALIZED (SELECT ?::bigint AS n),\n" + working(queue),
                        QueueStatements.OWN + "\n                        AND " + mayComeBack("m", queue))
                + filled("""
                        , looked_at AS MATERIALIZED (
                            (%1$s) UNION ALL (SELECT * FROM (%2$s) f WHERE (SELECT n FROM further) > 0)),
                        %3$s,
                        ready AS MATERIALIZED (
                            SELECT m.id FROM (SELECT * FROM heads ORDER BY position) h
                            JOIN claimant.message m ON m.id = h.id
                            WHERE m.state = 'ready' AND %4$s
                            LIMIT (SELECT n FROM demand) - (SELECT count(*) FROM back)
                            FOR UPDATE OF m SKIP LOCKED)
                        """, front, further, heads("looked_at"), isItsTurn("h", queue))
                + claimer.lock("SELECT id FROM back UNION ALL SELECT id FROM ready")
                + returning;
        return Script.byIndex(turn, claim);
    }

    /** Where the first message stands that is its key's turn, from a position on. */
    private static Script look(Claimer claimer) {
        String queue = literal(claimer.queue());
        return Script.byIndex(filled(
                """
                WITH mark AS MATERIALIZED (%1$s),
                %2$slooked_at AS MATERIALIZED (%3$s),
                %4$s
                (SELECT h.position, 'FOUND' FROM (SELECT * FROM heads ORDER BY position) h WHERE %5$s LIMIT 1)
                UNION ALL
                (SELECT max(l.position), 'MORE' FROM looked_at l HAVING count(*) = %6$s)
                UNION ALL
                (SELECT coalesce(max(l.position) + 1, 0), 'END' FROM looked_at l)
                LIMIT 1""",
                Claimer.newestMark(claimer.queue()),
                working(queue),
                ready(queue, "greatest((SELECT ready_from FROM mark), ?::bigint)", HeadsOfKeys.STEP),
                heads("looked_at"),
                isItsTurn("h", queue),
                HeadsOfKeys.STEP));
    }

    private static String ready(String queue, String from, int most) {
        return filled("""
                SELECT r.id, r.ordering_key, r.position FROM claimant.message r
                WHERE r.queue = %s AND r.state = 'ready' AND r.position >= %s ORDER BY r.position LIMIT %s""", queue, from, most);
    }

    /**
     * All that have a key and are worked on, or were left by who did. That the key is there is said in other words than the index of
     * version 1 says it: the planner would take that one, which knows no mark.
     */
    private static String working(String queue) {
        return filled("""
                working AS MATERIALIZED (
                    SELECT w.id, w.ordering_key, w.locked_until > now() AS locked FROM claimant.message w
                    WHERE w.queue = %s AND w.state = 'working' AND w.position >= coalesce((SELECT working_from FROM mark), 0)
                        AND num_nonnulls(w.ordering_key) = 1),
                """, queue);
    }

    /** Of each key the first; of those without a key all. */
    private static String heads(String from) {
        return filled("""
                heads AS MATERIALIZED (
                    SELECT * FROM %1$s WHERE ordering_key IS NULL
                    UNION ALL
                    (SELECT DISTINCT ON (ordering_key) * FROM %1$s WHERE ordering_key IS NOT NULL ORDER BY ordering_key, position))""", from);
    }

    /** Of a ready message, the first of its key among those that were looked at. */
    private static String isItsTurn(String message, String queue) {
        return filled(
                """
                (%1$s.ordering_key IS NULL OR %2$s
                AND NOT EXISTS (SELECT 1 FROM working w WHERE NOT w.locked AND w.ordering_key = %1$s.ordering_key AND w.id < %1$s.id)
                AND %3$s
                AND %4$s = %1$s.position)""",
                message,
                noneIsLocked(message),
                noneWaitsBefore(message, queue),
                firstReady("position", message, queue));
    }

    /** Of a message that was handed out before, or put in with a delay. */
    private static String mayComeBack(String message, String queue) {
        return filled("""
                (%1$s.ordering_key IS NULL
                OR NOT EXISTS (
                    SELECT 1 FROM working w
                    WHERE w.ordering_key = %1$s.ordering_key AND w.id <> %1$s.id AND (w.locked OR w.id < %1$s.id))
                AND %2$s
                AND coalesce(%3$s > %1$s.id, true))""", message, noneWaitsBefore(message, queue), firstReady("id", message, queue));
    }

    private static String noneIsLocked(String message) {
        return message + ".ordering_key NOT IN (SELECT w.ordering_key FROM working w WHERE w.locked)";
    }

    private static String noneWaitsBefore(String message, String queue) {
        return filled("""
                NOT EXISTS (
                    SELECT 1 FROM claimant.message e
                    WHERE e.queue = %2$s AND e.ordering_key = %1$s.ordering_key AND e.state IN ('waiting', 'reserved')
                        AND e.id < %1$s.id)""", message, queue);
    }

    private static String firstReady(String column, String message, String queue) {
        return filled("""
                (SELECT e.%3$s FROM claimant.message e
                    WHERE e.queue = %2$s AND e.ordering_key = %1$s.ordering_key AND e.state = 'ready'
                        AND e.position >= coalesce((SELECT ready_from FROM mark), 0)
                    ORDER BY e.position LIMIT 1)""", message, queue, column);
    }
}
