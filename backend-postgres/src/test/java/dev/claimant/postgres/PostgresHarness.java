package dev.claimant.postgres;

import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Harness;
import dev.claimant.contract.Wire;
import dev.claimant.spi.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/** What the contract needs of PostgreSQL in either mode. Time passes by moving the times that are stored. */
abstract class PostgresHarness implements Harness {

    final TestDatabase database = TestDatabase.shared();
    private final IdentityHashMap<Source, Wire> wires = new IdentityHashMap<>();

    abstract PostgresConfig.Builder config();

    /** Under which the messages are stored. */
    abstract String queue();

    @Override
    public Source newSource() {
        Wire wire = newWire();
        PostgresConfig brief = config().statementTimeout(Duration.ofSeconds(2))
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        Source source =
                PostgresSource.of(Roles.worker().named(queue()).through(wire).dataSource(), brief);
        wires.put(source, wire);
        return source;
    }

    Wire newWire() {
        return database.wire();
    }

    @Override
    public Wire wire(Source source) {
        return Objects.requireNonNull(wires.get(source));
    }

    @Override
    public void pass(Duration time) {
        database.update("""
                UPDATE claimant.message
                SET locked_until = locked_until - ? * interval '1 ms', due_at = due_at - ? * interval '1 ms'
                WHERE queue = ?""", time.toMillis(), time.toMillis(), queue());
    }

    /** The stored times run on while a rule does: it takes less than this. */
    @Override
    public Duration precision() {
        return Duration.ofSeconds(10);
    }

    @Override
    public List<DeadMessage> deadLetters() {
        List<DeadMessage> dead = new ArrayList<>();
        try (Connection connection = database.connect();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT body, reason, idempotency_key FROM claimant.dead WHERE queue = ? ORDER BY dead_at, id")) {
            select.setString(1, queue());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    dead.add(new DeadMessage(rows.getBytes(1), rows.getString(2), rows.getString(3)));
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return dead;
    }

    @Override
    public long scaler() {
        return Roles.scaler()
                .number(PostgresSource.of(database.dataSource(), config().build())
                        .scalingQuery());
    }

    @Override
    public int connections() {
        return (int) database.number("SELECT count(*) FROM pg_stat_activity WHERE application_name = ?", queue());
    }

    @Override
    public void close() {
        wires.values().forEach(Wire::close);
        database.update("DELETE FROM claimant.message WHERE queue = ?", queue());
    }
}
