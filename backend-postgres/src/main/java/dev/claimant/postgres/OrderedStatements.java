package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import java.util.List;

/**
 * Of a queue whose workers keep order: of the messages with one ordering key only the first that is unfinished is handed out, whatever
 * state it is in, and only while no other one of them is being worked on. First is who has the lowest id. A message whose transaction commits
 * late may come before one that is worked on already; it waits for that one then.
 *
 * <p>Claims go one after the other, by a lock that ends with the transaction: each sees what the one before it took. Without that, two
 * could hand out two messages of one key whose transactions commit in that moment.
 */
final class OrderedStatements {

    private OrderedStatements() {}

    static Statements of(Claimer claimer) {
        Statements unordered = QueueStatements.of(claimer);
        Script next = nextWindow(claimer);
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
                link -> new OrderedLookAhead(link, claimer.queue(), next));
    }

    private static Script claim(Claimer claimer, String returning) {
        String queue = literal(claimer.queue());
        String turn = "SELECT pg_advisory_xact_lock(hashtextextended(" + literal("claimant order of " + claimer.queue())
                + ", 0))";
        String front = ready(claimer, "coalesce((SELECT ready_from FROM mark), 0)");
        String further = ready(claimer, "greatest((SELECT ready_from FROM mark), (SELECT n FROM further))");
        String claim = claimer.withBack(QueueStatements.OWN + "\n                        AND " + isItsTurn("m", queue))
                + filled("""
                        , further AS MATERIALIZED (SELECT ?::bigint AS n),
                        ready AS MATERIALIZED (
                            SELECT m.id FROM (
                                (%1$s) UNION ALL (SELECT * FROM (%2$s) f WHERE (SELECT n FROM further) > 0)) w
                            JOIN claimant.message m ON m.id = w.id
                            WHERE m.state = 'ready' AND %3$s
                            LIMIT (SELECT n FROM demand) - (SELECT count(*) FROM back)
                            FOR UPDATE OF m SKIP LOCKED)
                        """, front, further, isItsTurn("w", queue))
                + claimer.lock("SELECT id FROM back UNION ALL SELECT id FROM ready")
                + returning;
        return Script.byIndex(turn, claim);
    }

    private static Script nextWindow(Claimer claimer) {
        return Script.byIndex(filled(
                """
                WITH mark AS MATERIALIZED (%1$s)
                SELECT CASE WHEN count(*) = %2$s THEN max(w.position) + 1 ELSE 0 END FROM (%3$s) w""",
                Claimer.newestMark(claimer.queue()),
                OrderedLookAhead.SIZE,
                ready(claimer, "greatest((SELECT ready_from FROM mark), ?::bigint)")));
    }

    private static String ready(Claimer claimer, String from) {
        return filled("""
                SELECT r.id, r.ordering_key, r.position FROM claimant.message r
                WHERE r.queue = %s AND r.state = 'ready' AND r.position >= %s ORDER BY r.position LIMIT %s""", literal(claimer.queue()), from, OrderedLookAhead.SIZE);
    }

    /** Two questions, since each has an index of its own that answers it with the first row it finds. */
    private static String isItsTurn(String message, String queue) {
        return filled("""
                (%1$s.ordering_key IS NULL OR NOT EXISTS (
                    SELECT 1 FROM claimant.message e
                    WHERE e.queue = %2$s AND e.ordering_key = %1$s.ordering_key AND e.id < %1$s.id)
                AND NOT EXISTS (
                    SELECT 1 FROM claimant.message e
                    WHERE e.queue = %2$s AND e.ordering_key = %1$s.ordering_key AND e.state = 'working'
                        AND e.locked_until > now() AND e.id <> %1$s.id))""", message, queue);
    }
}
