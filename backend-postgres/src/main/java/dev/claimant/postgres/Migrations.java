package dev.claimant.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The schema's versions: SQL files beside this class, applied in order, each once. */
final class Migrations {

    private static final List<String> FILES = List.of("V1__messages.sql");

    /** The version that this library works with. */
    static final int NEWEST = FILES.size();

    /** In any other, whoever has waited for the lock would not see what was done meanwhile. */
    private static final String ISOLATION = "ISOLATION LEVEL READ COMMITTED";

    /** Whoever comes second waits, then finds the work done. The lock ends with the transaction. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('claimant migrations', 0))";

    private static final String SCHEMA = """
            CREATE SCHEMA IF NOT EXISTS claimant;
            CREATE TABLE IF NOT EXISTS claimant.schema_version (
                version    integer     PRIMARY KEY,
                applied_at timestamptz NOT NULL DEFAULT now()
            )""";

    private Migrations() {}

    /** In one transaction: all or nothing. */
    static void apply(Connection connection) throws SQLException {
        Transactions.<Integer, RuntimeException>run(connection, transaction -> {
            try (Statement statement = transaction.createStatement()) {
                statement.execute("SET TRANSACTION " + ISOLATION);
                statement.execute(LOCK);
                statement.execute(SCHEMA);
                for (int version = applied(statement) + 1; version <= NEWEST; version++) {
                    statement.execute(file(FILES.get(version - 1)));
                    statement.execute(note(version));
                }
            }
            return NEWEST;
        });
    }

    /** What {@link #apply} does, as a script. */
    static String sql() {
        StringBuilder script = new StringBuilder("BEGIN " + ISOLATION + ";\n" + LOCK + ";\n" + SCHEMA + ";\n");
        for (int version = 1; version <= NEWEST; version++) {
            script.append(unlessApplied(version));
        }
        return script.append("COMMIT;\n").toString();
    }

    private static String unlessApplied(int version) {
        String name = FILES.get(version - 1);
        return """

                -- %s
                DO $migration$
                BEGIN
                IF NOT EXISTS (SELECT FROM claimant.schema_version WHERE version = %d) THEN
                %s
                %s;
                END IF;
                END
                $migration$;
                """.formatted(name, version, file(name), note(version));
    }

    static String roles() {
        return file("roles.sql");
    }

    private static int applied(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT coalesce(max(version), 0) FROM claimant.schema_version")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static String note(int version) {
        return "INSERT INTO claimant.schema_version (version) VALUES (" + version + ")";
    }

    private static String file(String name) {
        try (InputStream in = Migrations.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
