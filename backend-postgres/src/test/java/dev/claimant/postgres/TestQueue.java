package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A queue that no other test uses, with workers that claim from it and hands that reach into its rows. */
final class TestQueue implements AutoCloseable {

    static final Duration WITHIN = Duration.ofSeconds(10);
    static final Duration RESERVATION = Duration.ofMinutes(10);

    final TestDatabase database;
    final String name = "test-" + UUID.randomUUID();
    final PostgresQueue queue;
    private final List<PostgresSource> sources = new ArrayList<>();

    TestQueue() {
        this(TestDatabase.shared());
    }

    TestQueue(TestDatabase database) {
        this.database = database;
        this.queue = new PostgresQueue(database.dataSource(), name);
    }

    /** A worker of no owner, opened. */
    PostgresSource worker() {
        return worker((String) null);
    }

    /** A Job of that name. */
    PostgresSource worker(@Nullable String owner) {
        return worker(PostgresConfig.queue(name), owner);
    }

    PostgresSource worker(PostgresConfig.Builder config) {
        return worker(config, null);
    }

    /** A Job of that name with those settings. */
    PostgresSource job(PostgresConfig.Builder config, String owner) {
        return worker(config, owner);
    }

    private PostgresSource worker(PostgresConfig.Builder config, @Nullable String owner) {
        PostgresSource source = PostgresSource.of(database.named(name).dataSource(), config.build());
        sources.add(source);
        source.open(plan(owner), NoEvents.INSTANCE);
        return source;
    }

    static Plan plan(@Nullable String owner) {
        return new Plan("test-worker", 4, 16, 3, null, owner, RESERVATION, false, owner != null);
    }

    List<String> enqueue(String... texts) {
        return List.of(texts).stream().map(queue::enqueue).toList();
    }

    /** What is there now, up to ten. */
    static List<Claim> claim(Source source) {
        return claim(source, 10);
    }

    static List<Claim> claim(Source source, int demand) {
        try {
            return source.claim(demand, Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static Claim claimOne(Source source) {
        List<Claim> claims = claim(source, 1);
        if (claims.size() != 1) {
            throw new AssertionError("expected one message, got " + claims);
        }
        return claims.get(0);
    }

    static List<String> texts(List<Claim> claims) {
        return claims.stream().map(Claim::text).toList();
    }

    static Verdict settle(Source source, Settlement settlement) {
        return source.settle(List.of(settlement), WITHIN).get(0);
    }

    static Verdict renew(Source source, Claim claim) {
        return source.renew(List.of(claim), WITHIN).get(0);
    }

    /** All locks of this queue ended a second ago. */
    void expireLocks() {
        expireLocks(database, name);
    }

    static void expireLocks(TestDatabase database, String queue) {
        database.update(
                "UPDATE claimant.message SET locked_until = now() - interval '1 second' WHERE queue = ? AND state = 'working'",
                queue);
    }

    /** A number about this queue, whose name is the only parameter. */
    long number(String sql) {
        return database.number(sql, name);
    }

    /** All that waits, delayed or reserved, has been due for a second. */
    void makeDue() {
        database.update(
                "UPDATE claimant.message SET due_at = now() - interval '1 second' WHERE queue = ? AND due_at IS NOT NULL",
                name);
    }

    /** How many connections the workers of this queue have. */
    long connections() {
        return database.number(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = ? AND datname = current_database()",
                name);
    }

    /** Ends the connections of this queue's workers, as a restart of the server would. */
    void cutConnections() {
        database.column("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?", name);
    }

    List<String> states() {
        return database.column("SELECT state FROM claimant.message WHERE queue = ? ORDER BY id", name);
    }

    @Override
    public void close() {
        sources.forEach(PostgresSource::close);
    }
}
