package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

import java.util.List;

/** Of a queue of Claimant's own: its messages are rows of {@code claimant.message} from the start and are gone when settled. */
final class QueueStatements {

    private static final String COMPLETE =
            "DELETE FROM claimant.message m WHERE m.id = ANY (ARRAY(SELECT id FROM held)) RETURNING m.id";

    /** Not of a table of the application that has the same name. */
    static final String OWN = " AND m.key IS NULL";

    static final String RETURNING = "RETURNING " + Statements.CLAIMED + ", m.body";
    static final String UNREAD = "RETURNING m.id";

    private QueueStatements() {}

    static Statements of(Claimer claimer) {
        return new Statements(
                claim(claimer, RETURNING),
                claimReady(claimer),
                claim(claimer, UNREAD),
                readOne(),
                Script.byIndex(MessageStatements.held(claimer.holder()) + COMPLETE),
                MessageStatements.heldOne(claimer.holder()) + COMPLETE,
                deadLetter(claimer, "m.body"),
                deadLetter(claimer, Statements.NONE),
                List.of(),
                null);
    }

    private static Script claim(Claimer claimer, String returning) {
        return Script.byIndex(claimer.withBack("", OWN)
                + ready(claimer, "coalesce((SELECT ready_from FROM mark), 0)", " - (SELECT count(*) FROM back)")
                + claimer.lock("SELECT id FROM back UNION ALL SELECT id FROM ready")
                + returning);
    }

    static Script readOne() {
        return Script.byIndex(
                "SELECT " + Statements.CLAIMED + ", m.body FROM claimant.message m WHERE m.id = ? AND m.fence = ?");
    }

    private static Script claimReady(Claimer claimer) {
        return Script.byIndex("WITH demand AS MATERIALIZED (SELECT ?::bigint AS n),\nmark AS MATERIALIZED ("
                + Claimer.newestMark(claimer.queue())
                + ")\n"
                + ready(claimer, "greatest((SELECT ready_from FROM mark), ?)", "")
                + claimer.lock("SELECT id FROM ready")
                + RETURNING);
    }

    private static String ready(Claimer claimer, String from, String less) {
        return filled("""
                , ready AS MATERIALIZED (
                    SELECT m.id FROM claimant.message m
                    WHERE m.queue = %s AND m.state = 'ready' AND m.position >= %s
                    ORDER BY m.position LIMIT (SELECT n FROM demand)%s FOR UPDATE SKIP LOCKED)
                """, literal(claimer.queue()), from, less);
    }

    private static Script deadLetter(Claimer claimer, String body) {
        return Script.byIndex(
                MessageStatements.held(claimer.holder(), ", ?::text[], ?::text[]", ", reason, error") + """
                , gone AS (
                    DELETE FROM claimant.message m WHERE m.id = ANY (ARRAY(SELECT id FROM held)) RETURNING m.*)
                """
                        + Statements.insertDeadLetters("gone", body));
    }
}
