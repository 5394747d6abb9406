package dev.claimant.benchmarks.postgres;

import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.benchmarks.harness.Workload;
import java.util.List;
import java.util.Map;

/** A loop over the driver, written by hand for this one table: what is possible. */
final class RawContender implements Contender {

    private final Database database;

    RawContender(Database database) {
        this.database = database;
        database.execute("""
                CREATE TABLE raw_message (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    fence bigint NOT NULL DEFAULT 0,
                    locked_until timestamptz NOT NULL DEFAULT '-infinity',
                    body bytea NOT NULL)""");
    }

    @Override
    public String name() {
        return "raw";
    }

    @Override
    public Class<? extends Program> program() {
        return RawProgram.class;
    }

    @Override
    public List<String> libraries() {
        return List.of("postgresql-");
    }

    @Override
    public Map<String, String> environment() {
        return database.environment();
    }

    @Override
    public int messages(Workload workload) {
        return switch (workload) {
            case NOOP -> 200_000;
            case TEN_MILLIS -> 25_000;
            case LATENCY -> 250;
            case COLD, COLD_ARCHIVE -> 1;
        };
    }

    @Override
    public void fill(int messages) {
        database.fill(
                "raw_message",
                "INSERT INTO raw_message (body) SELECT " + Database.BODY + " FROM generate_series(0, ?) i",
                messages);
    }

    @Override
    public void send(int number, Runnable committed) {
        database.execute("""
                WITH sent AS (INSERT INTO raw_message (body) SELECT %s FROM (SELECT ?::int AS i) n RETURNING id)
                SELECT pg_notify('raw_message', '') FROM sent""".formatted(Database.BODY), number);
        committed.run();
    }

    @Override
    public long left() {
        return database.number("SELECT count(*) FROM raw_message");
    }
}
