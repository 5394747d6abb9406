package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one source; {@link QueueStatements} and {@link TableStatements} make them.
 *
 * @param claim claims whatever may be claimed; parameters: the demand
 * @param claimReady claims only what was never handed out, from a position on; parameters: the demand, the position; absent where a
 *     position means nothing
 * @param claimUnread claims like {@code claim} and gives nothing of the messages; parameters: the same
 * @param readOne reads one message that is claimed already; parameters: id, fencing number
 * @param complete parameters: ids, fencing numbers
 * @param completeOne completes one message in a transaction of the handler, waiting for the row; parameters: id, fencing number
 * @param deadLetter parameters: ids, fencing numbers, reasons, errors
 * @param deadLetterUnread the same without the bodies
 * @param tidy remove messages that are done or dead and need not stay, some at a time; parameters: the position after which to look
 * @param search makes what says where a claim looks besides the front, which then is a parameter of the claim; absent where a claim finds
 *     at the front whatever there is
 */
record Statements(
        Script claim,
        @Nullable Script claimReady,
        Script claimUnread,
        Script readOne,
        Script complete,
        String completeOne,
        Script deadLetter,
        Script deadLetterUnread,
        List<Script> tidy,
        @Nullable Function<SharedConnection, SearchBehindFront<?>> search) {

    /** The columns of a claim, in the order in which they are read. A time is in microseconds: as a number it is read faster. */
    static final String CLAIMED =
            "m.id, m.key, m.fence, m.attempt, m.delivery, m.expired_locks, (extract(epoch FROM m.enqueued_at) * 1000000)::bigint,"
                    + " m.idempotency_key, m.headers, m.ordering_key";

    /** No body. */
    static final String NONE = "NULL::bytea";

    /** Where the database's encoding lets in what no client can decode, a text that can be read. */
    private static final String KEY =
            "CASE WHEN getdatabaseencoding() = 'UTF8' THEN m.key ELSE encode(convert_to(m.key, getdatabaseencoding()), 'escape') END";

    /**
     * What an operator finds of the rows that {@code from} gives, whose ids are the result; the body is an expression over {@code m}. A dead letter has
     * its message's id, unless an older one has that: a server that forgot the last numbers draws them again.
     */
    static String insertDeadLetters(String from, String body) {
        return filled("""
                , letter AS (
                    INSERT INTO claimant.dead (id, queue, key, idempotency_key, ordering_key, reason, error, attempts, deliveries,
                        expired_locks, enqueued_at, dead_by, history, headers, once, body)
                    SELECT CASE WHEN EXISTS (SELECT 1 FROM claimant.dead d WHERE d.id = m.id)
                            THEN nextval('claimant.position') ELSE m.id END,
                        m.queue, %1$s, m.idempotency_key, m.ordering_key, a.reason, a.error, m.attempt, m.delivery,
                        m.expired_locks, m.enqueued_at, m.holder, %2$s, m.headers, m.once, %3$s
                    FROM %4$s m JOIN asked a ON a.id = m.id)
                SELECT id FROM %4$s""", KEY, MessageStatements.historyWith("coalesce(a.error, a.reason)"), body, from);
    }
}
