package dev.claimant.postgres;

import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements that enqueue messages, on whatever connection. */
final class Enqueueing {

    /** The position is left to its default: see {@link MarkUpkeep}. */
    private static final String INSERT =
            "INSERT INTO claimant.message (queue, body, headers, idempotency_key, ordering_key, once, state, due_at)\n";

    private static final String ONE = INSERT + "VALUES (?, ?, ?, ?, ?, ?, ?, now() + ? * interval '1 millisecond')";
    private static final String ONCE = ONE + " ON CONFLICT (queue, idempotency_key) WHERE once DO NOTHING";

    /** One statement for many messages. Their ids are drawn in their order: an array's elements are read in the order in which they are stored. */
    private static final String MANY = INSERT + """
            SELECT ?, a.body, a.headers::text[], a.idempotency_key, a.ordering_key, false,
                CASE WHEN a.delay IS NULL THEN 'ready' ELSE 'waiting' END, now() + a.delay * interval '1 millisecond'
            FROM unnest(?::bytea[], ?::text[], ?::text[], ?::text[], ?::bigint[])
                AS a(body, headers, idempotency_key, ordering_key, delay)""";

    private static final int MOST_AT_ONCE = 1000;
    private static final long MOST_BYTES_AT_ONCE = 16_000_000;

    private final String queue;
    private final String notify;

    /**
     * What became of messages.
     *
     * @param ids none for a message whose key is in the queue
     * @param notified whether idle workers are woken by the commit
     */
    record Enqueued(List<String> ids, boolean notified) {}

    Enqueueing(String queue) {
        this.queue = queue;
        this.notify = EnqueueNotifier.notifyWithCommit(queue);
    }

    /**
     * Enqueues one message.
     *
     * @param notify whether to wake idle workers with the commit, unless another transaction does at this moment
     */
    Enqueued one(Connection connection, NewMessage message, boolean notify) throws SQLException {
        return enqueue(connection, ONE, statement -> bind(statement, message, false), notify);
    }

    /** The same unless its key is in the queue. */
    Enqueued once(Connection connection, NewMessage message, boolean notify) throws SQLException {
        if (message.idempotencyKey == null) {
            throw new IllegalArgumentException("idempotencyKey: missing; enqueueOnce goes by it");
        }
        return enqueue(connection, ONCE, statement -> bind(statement, message, true), notify);
    }

    /** Whether one statement enqueues all of them, which needs no transaction, and so no round trip for its commit. */
    static boolean isOneStatement(List<NewMessage> messages) {
        return endOfSome(messages, 0) == messages.size();
    }

    /** Enqueues all, some at a time; the last of them wake idle workers with the commit, if asked to. */
    Enqueued all(Connection connection, List<NewMessage> messages, boolean notify) throws SQLException {
        List<String> ids = new ArrayList<>(messages.size());
        boolean notified = false;
        for (int from = 0; from < messages.size(); ) {
            List<NewMessage> some = messages.subList(from, endOfSome(messages, from));
            from += some.size();
            Enqueued enqueued =
                    enqueue(connection, MANY, statement -> bind(statement, some), notify && from == messages.size());
            ids.addAll(enqueued.ids());
            notified = enqueued.notified();
        }
        return new Enqueued(ids, notified);
    }

    private static int endOfSome(List<NewMessage> messages, int from) {
        long bytes = 0;
        int end = from;
        while (end < messages.size() && end - from < MOST_AT_ONCE && (end == from || bytes < MOST_BYTES_AT_ONCE)) {
            bytes += messages.get(end).body.length + messages.get(end).headerBytes;
            end++;
        }
        return end;
    }

    private Enqueued enqueue(Connection connection, String insert, SharedConnection.Binder binder, boolean notify)
            throws SQLException {
        // The server asks the sub-select once, when the first message is in: not for a key that is in the queue
        // already.
        String sql = insert + " RETURNING id, " + (notify ? "(SELECT " + this.notify + ")" : "false");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                List<String> ids = new ArrayList<>();
                boolean notified = false;
                while (rows.next()) {
                    ids.add(Long.toString(rows.getLong(1)));
                    notified = rows.getBoolean(2);
                }
                return new Enqueued(ids, notified);
            }
        }
    }

    private void bind(PreparedStatement insert, NewMessage message, boolean once) throws SQLException {
        insert.setString(1, queue);
        insert.setBytes(2, message.body);
        insert.setArray(3, message.headers.isEmpty() ? null : headers(insert.getConnection(), message));
        insert.setString(4, message.idempotencyKey);
        insert.setString(5, message.orderingKey);
        insert.setBoolean(6, once);
        insert.setString(7, message.isDue() ? "ready" : "waiting");
        if (message.isDue()) {
            insert.setNull(8, Types.BIGINT);
        } else {
            insert.setLong(8, millis(message));
        }
    }

    private void bind(PreparedStatement insert, List<NewMessage> messages) throws SQLException {
        Connection connection = insert.getConnection();
        String[] headers = new String[messages.size()];
        for (int i = 0; i < headers.length; i++) {
            NewMessage message = messages.get(i);
            headers[i] = message.headers.isEmpty()
                    ? null
                    : headers(connection, message).toString();
        }
        insert.setString(1, queue);
        set(insert, 2, "bytea", messages, message -> message.body, new byte[0][]);
        set(insert, 3, "text", Arrays.asList(headers), texts -> texts, new String[0]);
        set(insert, 4, "text", messages, message -> message.idempotencyKey, new String[0]);
        set(insert, 5, "text", messages, message -> message.orderingKey, new String[0]);
        set(insert, 6, "bigint", messages, message -> message.isDue() ? null : millis(message), new Long[0]);
    }

    /** A column that no message has is no array: a thousand times nothing costs both sides as much as the bodies. */
    private static <S, T> void set(
            PreparedStatement insert,
            int parameter,
            String type,
            List<S> from,
            Function<S, @Nullable T> value,
            T[] ofType)
            throws SQLException {
        T[] values = from.stream().map(value).toList().toArray(ofType);
        if (Arrays.stream(values).allMatch(Objects::isNull)) {
            insert.setNull(parameter, Types.ARRAY);
        } else {
            insert.setArray(parameter, insert.getConnection().createArrayOf(type, values));
        }
    }

    private static long millis(NewMessage message) {
        return Math.max(1, message.delay.toMillis());
    }

    /** Names and values in turn; its text is what the server reads as an array. */
    private static Array headers(Connection connection, NewMessage message) throws SQLException {
        List<String> texts = new ArrayList<>();
        message.headers.forEach((header, value) -> {
            texts.add(header);
            texts.add(value);
        });
        return connection.createArrayOf("text", texts.toArray());
    }
}
