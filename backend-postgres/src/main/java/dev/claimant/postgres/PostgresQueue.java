package dev.claimant.postgres;

import dev.claimant.SourceException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages into a queue that a {@link PostgresSource} claims from: each call in a transaction of its own, or in one of the
 * application's, where a message is in if and when that commits. Needs the rights of {@code claimant_worker}.
 *
 * <p>A transaction of its own wakes idle workers. Who puts in messages in the application's transaction calls {@link #wake()} after the
 * commit or {@link #wake(Connection)} before it, or leaves them to be found at the workers' next poll.
 *
 * <p>Thread-safe; takes a connection for each call that is not given one, and gives it back. Such a call throws {@link
 * IllegalStateException} where the data source gives a connection of a transaction, or one that may be of one since it is not in auto-commit
 * mode: nobody but the application commits its transactions.
 */
public final class PostgresQueue {

    private final DataSource dataSource;
    private final String name;
    private final Enqueueing enqueueing;
    private final @Nullable CallersTransaction callers;
    private final EnqueueTransactions transactions;
    private final Interception interception;

    /** The queue of that name; it exists by being named. */
    public PostgresQueue(DataSource dataSource, String name) {
        this(dataSource, name, null, null);
    }

    private PostgresQueue(
            DataSource dataSource,
            String name,
            @Nullable CallersTransaction callers,
            @Nullable EnqueueInterceptor interceptor) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.name = PostgresConfig.queue(name).build().queue;
        this.enqueueing = new Enqueueing(name);
        this.callers = callers;
        this.transactions = new EnqueueTransactions(dataSource, name, callers);
        this.interception = new Interception(name, interceptor);
    }

    /**
     * The same queue, whose calls without a connection take part in the calling thread's transaction, where it has one on this data source: their
     * messages are there if and when it commits, and idle workers are woken after that.
     */
    public PostgresQueue joining(CallersTransaction transactions) {
        return new PostgresQueue(dataSource, name, transactions, interception.interceptor());
    }

    /** The same queue, with this around each call that enqueues messages, and around earlier interceptors. */
    public PostgresQueue intercepted(EnqueueInterceptor interceptor) {
        return new PostgresQueue(dataSource, name, callers, interception.within(interceptor));
    }

    /** Puts in a text, read back as {@link dev.claimant.Message#text}; gives the message's id. */
    public String enqueue(String text) {
        return enqueue(NewMessage.of(text));
    }

    /**
     * Puts in a message and gives its id.
     *
     * @throws SourceException if the database cannot be reached; whether the message is in is unknown then
     */
    public String enqueue(NewMessage message) {
        return interception
                .<RuntimeException>around(
                        message,
                        one -> transactions.enqueue(
                                one.isDue(), false, (connection, notify) -> enqueueing.one(connection, one, notify)))
                .get(0);
    }

    /**
     * Puts in all of them or none, in this order, and gives their ids.
     *
     * @throws SourceException if the database cannot be reached; whether they are in is unknown then
     */
    public List<String> enqueue(List<NewMessage> messages) {
        return interception.<RuntimeException>around(
                messages,
                all -> transactions.enqueue(
                        all.stream().anyMatch(NewMessage::isDue),
                        !Enqueueing.isOneStatement(all),
                        (connection, notify) -> enqueueing.all(connection, all, notify)));
    }

    /**
     * Puts in a message unless one with its idempotency key, put in by this method, is in the queue: ready, delayed or in flight. Once that one
     * is completed or dead-lettered, the key is free again; what must not be done twice even then is for an {@link Inbox} to know.
     *
     * @return whether it was put in
     * @throws IllegalArgumentException if the message has no idempotency key
     * @throws SourceException if the database cannot be reached; whether the message is in is unknown then
     */
    public boolean enqueueOnce(NewMessage message) {
        return !interception
                .<RuntimeException>around(
                        message,
                        one -> transactions.enqueue(
                                one.isDue(), false, (connection, notify) -> enqueueing.once(connection, one, notify)))
                .isEmpty();
    }

    /**
     * Puts in a message in the application's transaction and gives its id.
     *
     * @param connection not in auto-commit mode; it is neither committed nor closed here
     * @throws IllegalStateException if the connection is in auto-commit mode
     */
    public String enqueue(Connection connection, NewMessage message) throws SQLException {
        Connection joined = transactions.joined(connection);
        return interception
                .<SQLException>around(
                        message, one -> enqueueing.one(joined, one, false).ids())
                .get(0);
    }

    /** Puts in messages, in this order, in the application's transaction and gives their ids; see {@link #enqueue(Connection, NewMessage)}. */
    public List<String> enqueue(Connection connection, List<NewMessage> messages) throws SQLException {
        Connection own = transactions.joined(connection);
        return interception.<SQLException>around(
                messages, all -> enqueueing.all(own, all, false).ids());
    }

    /**
     * Does what {@link #enqueueOnce(NewMessage)} does in the application's transaction. Waits for another transaction that has put in
     * the same key to end.
     *
     * @throws IllegalStateException if the connection is in auto-commit mode
     */
    public boolean enqueueOnce(Connection connection, NewMessage message) throws SQLException {
        Connection joined = transactions.joined(connection);
        return !interception
                .<SQLException>around(
                        message, one -> enqueueing.once(joined, one, false).ids())
                .isEmpty();
    }

    /**
     * Wakes idle workers of the queue, for what was committed before. If you commit hundreds in a second you need not call it each time: busy
     * workers look anyway. What goes wrong is logged: the workers find the messages all the same.
     */
    public void wake() {
        transactions.wake();
    }

    /**
     * Wakes idle workers of the queue with the commit of the application's transaction: sooner than {@link #wake()} by a round trip. Commits
     * of transactions that wake wait for each other's flush to disk, in the whole server; so this is for some in a second, not for
     * hundreds. PostgreSQL refuses to prepare such a transaction for a two-phase commit.
     *
     * @throws IllegalStateException if the connection is in auto-commit mode
     * @see <a href="https://www.postgresql.org/docs/current/sql-notify.html">NOTIFY</a>
     */
    public void wake(Connection connection) throws SQLException {
        EnqueueNotifier.notifyWithCommit(transactions.joined(connection), name);
    }

    /**
     * A message to be put in. Immutable, except the body, which is not copied; each setter returns a changed copy. A body may have 256
     * MB, headers 16 MB, a key 1500 bytes.
     */
    public static final class NewMessage {

        private static final Duration LONGEST = Duration.ofDays(36_500);

        final byte[] body;
        final Map<String, String> headers;
        final long headerBytes;
        final @Nullable String idempotencyKey;
        final @Nullable String orderingKey;
        final Duration delay;

        private NewMessage(
                byte[] body,
                Map<String, String> headers,
                @Nullable String idempotencyKey,
                @Nullable String orderingKey,
                Duration delay) {
            this.body = body;
            this.headers = headers;
            this.headerBytes = Checks.headers(headers);
            this.idempotencyKey = idempotencyKey;
            this.orderingKey = orderingKey;
            this.delay = delay;
        }

        /** A body and nothing else: due at once, in no particular order. */
        public static NewMessage of(byte[] body) {
            return new NewMessage(Checks.body(body), Map.of(), null, null, Duration.ZERO);
        }

        /** The same with a text for a body, stored as UTF-8. */
        public static NewMessage of(String text) {
            return of(Checks.storable("text", text).getBytes(StandardCharsets.UTF_8));
        }

        /** The same with one header more. */
        public NewMessage header(String header, String value) {
            return withHeaders(Map.of(header, value));
        }

        /** The same with these headers more; they replace those with the same names. */
        public NewMessage withHeaders(Map<String, String> further) {
            Map<String, String> more = new TreeMap<>(headers);
            more.putAll(further);
            return new NewMessage(body, more, idempotencyKey, orderingKey, delay);
        }

        /** The same with these headers and no others. */
        public NewMessage headers(Map<String, String> all) {
            return new NewMessage(body, new TreeMap<>(all), idempotencyKey, orderingKey, delay);
        }

        /** The same with a key that names the work, given to every claim of it; without, a claim's key is made of the message's id and time. */
        public NewMessage idempotencyKey(String key) {
            return new NewMessage(body, headers, Checks.indexable("idempotencyKey", key), orderingKey, delay);
        }

        /** The same with a key: messages with the same one are worked on one at a time, in order, by workers that keep order. */
        public NewMessage orderingKey(String key) {
            return new NewMessage(body, headers, idempotencyKey, Checks.indexable("orderingKey", key), delay);
        }

        /** The same, due only after a delay, by the database's clock. Zero for at once; any longer one is cut to a hundred years. */
        public NewMessage delay(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("delay: " + time + " is negative");
            }
            Duration kept = time.compareTo(LONGEST) > 0 ? LONGEST : time;
            return new NewMessage(body, headers, idempotencyKey, orderingKey, kept);
        }

        boolean isDue() {
            return delay.isZero();
        }
    }
}
