package dev.claimant.benchmarks.postgres;

import java.util.List;

/** A loop over the driver, written by hand for this one table: what is possible. */
final class RawContender extends PostgresContender {

    RawContender(Database database) {
        super(database, "raw", RawProgram.class, List.of("postgresql-"), 200_000, 25_000);
        database.execute("""
                CREATE TABLE raw_message (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    fence bigint NOT NULL DEFAULT 0,
                    locked_until timestamptz NOT NULL DEFAULT '-infinity',
                    body bytea NOT NULL)""");
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
