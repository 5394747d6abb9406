package dev.claimant.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A table of an application that no other test uses, with workers that claim its rows. */
final class TestTable implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final TestDatabase database = TestDatabase.shared();
    final String name = "Jobs " + NUMBER.incrementAndGet();
    final String pending =
            "NOT EXISTS (SELECT 1 FROM \"" + name + " state\" s WHERE s.id = t.id AND s.status <> 'PENDING')";
    private final List<PostgresSource> sources = new ArrayList<>();

    TestTable() {
        database.execute("CREATE TABLE \"" + name + "\" (id bigint PRIMARY KEY, seconds int NOT NULL, secret text)");
        database.execute("CREATE TABLE \"" + name + " state\" (id bigint PRIMARY KEY, status text NOT NULL)");
    }

    PostgresConfig.Builder config() {
        return PostgresConfig.table(name).key("id").body("id", "seconds").pending(pending);
    }

    PostgresSource worker() {
        return worker(config());
    }

    PostgresSource worker(PostgresConfig.Builder config) {
        PostgresSource source = PostgresSource.of(database.dataSource(), config.build());
        sources.add(source);
        source.open(TestQueue.plan(null), NoEvents.INSTANCE);
        return source;
    }

    void insert(long id) {
        database.update("INSERT INTO \"" + name + "\" VALUES (?, 3, 'x')", id);
    }

    void delete(long id) {
        database.update("DELETE FROM \"" + name + "\" WHERE id = ?", id);
    }

    void status(long id, String status) {
        database.update(
                "INSERT INTO \"" + name
                        + " state\" VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET status = excluded.status",
                id,
                status);
    }

    void expireLocks() {
        TestQueue.expireLocks(database, name);
    }

    List<String> states() {
        return database.column("SELECT state FROM claimant.message WHERE queue = ? ORDER BY id", name);
    }

    @Override
    public void close() {
        sources.forEach(PostgresSource::close);
    }
}
