package dev.claimant.postgres;

import dev.claimant.contract.Misconfigured;
import dev.claimant.contract.Sending;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The contract on a table of an application, whose rows look pending until somebody deletes them. */
final class TableHarness extends PostgresHarness {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String table = "contract_" + NUMBER.incrementAndGet();

    TableHarness() {
        database.execute(
                "CREATE TABLE " + table + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload bytea)");
        database.execute("GRANT SELECT ON " + table + " TO claimant_worker, claimant_scaler");
    }

    @Override
    public String name() {
        return "PostgreSQL, table";
    }

    @Override
    PostgresConfig.Builder config() {
        return PostgresConfig.table(table).body("payload").orderBy("id").pending("true");
    }

    @Override
    String queue() {
        return table;
    }

    @Override
    public String send(Sending message) {
        return database.one("INSERT INTO " + table + " (payload) VALUES (?) RETURNING id", (Object) message.body());
    }

    @Override
    public byte[] bodyOf(byte[] sent) {
        return ("{\"payload\":\"\\\\x" + HexFormat.of().formatHex(sent) + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean hasHeaders() {
        return false;
    }

    @Override
    public Misconfigured misconfigured() {
        PostgresConfig config = PostgresConfig.table(table)
                .key("number")
                .body("id", "contents")
                .orderBy("age")
                .pending("t.status = 'PENDING'")
                .build();
        return new Misconfigured(
                PostgresSource.of(database.dataSource(), config),
                List.of("'number'", "'contents'", "'age'", "t.status = 'PENDING'"));
    }
}
