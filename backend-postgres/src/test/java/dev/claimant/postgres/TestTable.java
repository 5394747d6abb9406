package dev.claimant.postgres;

import dev.claimant.contract.NoEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A table of an application that no other test uses, with workers that claim its rows. */
final class TestTable implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final TestDatabase database;
    final String name = "Jobs " + NUMBER.incrementAndGet();
    final String pending =
            "NOT EXISTS (SELECT 1 FROM \"" + name + " state\" s WHERE s.id = t.id AND s.status <> 'PENDING')";
    private final List<PostgresSource> sources = new ArrayList<>();

    TestTable() {
        this(TestDatabase.shared());
    }

    TestTable(TestDatabase database) {
        this.database = database;
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
        return worker(config, null);
    }

    PostgresSource worker(PostgresConfig.Builder config, @Nullable String owner) {
        PostgresSource source = PostgresSource.of(database.dataSource(), config.build());
        sources.add(source);
        source.open(TestQueue.plan(owner), NoEvents.INSTANCE);
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
        return column("state");
    }

    /** Of this table's messages. */
    List<String> column(String column) {
        return database.column("SELECT " + column + " FROM claimant.message WHERE queue = ? ORDER BY id", name);
    }

    @Override
    public void close() {
        sources.forEach(PostgresSource::close);
    }
}
