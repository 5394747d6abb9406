package dev.claimant.postgres;

import dev.claimant.DeadLetterStore;
import dev.claimant.SourceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a queue, or rows of an application's table, that were given up: to be looked at, tried again, removed. They stay until
 * someone removes them. Needs the rights of {@code claimant_operator}.
 *
 * <p>Thread-safe; takes a connection for each call and gives it back. What changes many does so a thousand at a time, each thousand in a
 * transaction of its own. Every method throws {@link SourceException} if the database cannot be reached or refuses.
 */
public final class DeadLetters implements DeadLetterStore {

    private static final int MOST = 1000;
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final DataSource dataSource;
    private final String queue;
    private final DeadRows rows;

    /**
     * A message that was given up, or a row of an application's table.
     *
     * @param id the message's id, by which the other methods name it
     * @param key of an application's row, its key
     * @param idempotencyKey as it was put in; absent where it is made of the id and the time
     * @param reason why it was given up, in a sentence
     * @param error the last failure with its stack, where there was one
     * @param deadBy the worker that gave it up
     * @param history its failures, first to last: a JSON array of objects that say when, by whom, in which try and why
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record DeadLetter(
            String id,
            @Nullable String key,
            @Nullable String idempotencyKey,
            @Nullable String orderingKey,
            String reason,
            @Nullable String error,
            int attempts,
            int deliveries,
            int expiredLocks,
            Instant enqueuedAt,
            Instant deadAt,
            @Nullable String deadBy,
            String history,
            Map<String, String> headers,
            byte[] body)
            implements Letter {

        @Override
        public Instant since() {
            return deadAt;
        }
    }

    /**
     * Those of a queue, or of a table in the schema {@code public}.
     *
     * @param queue the name that {@link PostgresConfig#queue} was given, or the table's name alone
     */
    public DeadLetters(DataSource dataSource, String queue) {
        this(dataSource, PostgresConfig.queue(queue).build().queue, new DeadRows(queue));
    }

    private DeadLetters(DataSource dataSource, String queue, DeadRows rows) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.queue = queue;
        this.rows = rows;
    }

    /**
     * Those of a table of the application, found as {@link PostgresConfig#table} finds it: {@code orders} and {@code public.orders} are one
     * table, and {@code orders} with another search path may be another.
     */
    public static DeadLetters ofTable(DataSource dataSource, String table) {
        String name = PostgresConfig.table(table).pending("true").build().queue;
        return new DeadLetters(dataSource, name, DeadRows.ofTable(Sql.qualifiedName(name)));
    }

    /**
     * The first ones by id.
     *
     * @param most how many, 1000 at most; more than that gives 1000
     */
    @Override
    public List<DeadLetter> list(int most) {
        return page(0, most);
    }

    /** The next ones after the one with this id; see {@link #list}. */
    public List<DeadLetter> listAfter(String id, int most) {
        return page(number(id), most);
    }

    /** The one with this id, if it is there. */
    @Override
    public Optional<DeadLetter> find(String id) {
        return run("find", connection -> rows.one(connection, number(id)));
    }

    /**
     * Has these tried again from their first attempt, with the ids and idempotency keys that they had. A message of a queue goes to its end.
     *
     * @return how many were there
     */
    @Override
    public int redrive(List<String> ids) {
        return redriveAllOf(numbers(ids));
    }

    /** Has all of them tried again; see {@link #redrive}. One that dies anew meanwhile stays, and so does one whose id a message has. */
    @Override
    public int redriveAll() {
        return each(Duration.ZERO, this::redriveAllOf);
    }

    /**
     * Has rows of an application's table claimed anew, from their first attempt, as soon as they look pending: rows that were given up,
     * their dead letters removed or not, and rows that were completed and have looked pending ever since.
     *
     * @param keys as {@link DeadLetter#key} gives them
     * @return how many were given up or done
     */
    public int unblock(List<String> keys) {
        return run("unblock rows of", connection -> DeadRows.unblock(connection, Sql.qualifiedName(queue), keys));
    }

    /**
     * Removes these for good. A row of an application's table stays given up, until its condition was false for a while, the row is gone or
     * {@link #unblock} is called.
     *
     * @return how many were there
     */
    @Override
    public int purge(List<String> ids) {
        return purgeAllOf(numbers(ids));
    }

    /** Removes those for good that were given up at least so long ago, zero for all; see {@link #purge}. Run it now and then to keep no more. */
    public int purgeOlderThan(Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("age: " + age + " is negative");
        }
        return each(age, this::purgeAllOf);
    }

    private List<DeadLetter> page(long after, int most) {
        if (most < 0) {
            throw new IllegalArgumentException("most: " + most + " is negative");
        }
        return run("list", connection -> rows.after(connection, after, Math.min(most, MOST)));
    }

    private interface Change {
        int of(List<Long> ids);
    }

    /** A thousand at a time, of those that are there now: what is added meanwhile is younger. */
    private int each(Duration age, Change change) {
        Duration kept = age.compareTo(LONGEST) > 0 ? LONGEST : age;
        long begun = System.nanoTime();
        int changed = 0;
        long last = Long.MIN_VALUE;
        List<Long> ids;
        do {
            long after = last;
            Duration atLeast = kept.plusNanos(System.nanoTime() - begun);
            ids = run("list", connection -> rows.olderThan(connection, after, atLeast, MOST));
            if (!ids.isEmpty()) {
                changed += change.of(ids);
                last = ids.get(ids.size() - 1);
            }
        } while (ids.size() == MOST);
        return changed;
    }

    private int redriveAllOf(List<Long> ids) {
        return run("redrive", connection -> {
            int redriven = rows.redrive(connection, ids);
            EnqueueNotifier.notifyAnyway(connection, queue);
            return redriven;
        });
    }

    private int purgeAllOf(List<Long> ids) {
        return run("purge", connection -> rows.purge(connection, ids));
    }

    private <T> T run(String what, Transactions.Work<T, RuntimeException> work) {
        try (Connection connection = dataSource.getConnection()) {
            return Transactions.unrefused(() -> Transactions.onItsOwn(connection, work));
        } catch (SQLException e) {
            throw PostgresErrors.failed(what, "dead letters of " + queue, e);
        }
    }

    private static List<Long> numbers(List<String> ids) {
        return ids.stream().map(DeadLetters::number).toList();
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("id: '" + id + "' is not the id of a dead letter, which is a number", e);
        }
    }
}
