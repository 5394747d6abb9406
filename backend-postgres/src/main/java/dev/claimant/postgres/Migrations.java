package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/**
 * The schema's versions: SQL files beside this class, applied in order, each version once, all in one transaction.
 *
 * <p>A version says which libraries it serves, so that a schema may be migrated while workers of the last release go on. A released version
 * never changes; what the next release needs goes into the files of the last, unreleased one.
 */
final class Migrations {

    /**
     * One version of the schema.
     *
     * @param serves the oldest version whose library works with this one: what its statements read and write is still there
     */
    private record Migration(int version, int serves, List<String> files) {}

    private static final List<Migration> ALL = List.of(
            new Migration(1, 1, List.of("V1__messages.sql")), //
            new Migration(2, 1, List.of("V2__messages.sql", "V2__functions.sql")));

    /** The oldest version that this library works with. */
    static final int NEEDED = ALL.get(ALL.size() - 1).version();

    /** A statement of ours waits behind a long transaction, and every worker behind it: so not for long. Two may also block each other. */
    private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01");

    private static final int MOST_TRIES = 20;

    /** In any other isolation, a session that waited for the lock would not see what was done meanwhile. */
    private static final String BEGIN = """
            BEGIN ISOLATION LEVEL READ COMMITTED;
            SELECT pg_advisory_xact_lock(hashtextextended('claimant migrations', 0));
            SET LOCAL lock_timeout = '2s';
            """;

    private static final String COMMIT = "COMMIT;\n";

    /** After a move of the tables to another server the sequence may have stayed behind. */
    private static final String MEND = "SELECT claimant.mend_position();\n";

    /** Says first whether anything is to be done: with nothing to do, no right to create anything is needed. */
    private static final String HISTORY = """
            DO $history$
            BEGIN
            IF to_regclass('claimant.schema_history') IS NULL THEN
                CREATE SCHEMA IF NOT EXISTS claimant;
                -- What a library of version 1 reads: the highest number here must be 1, and is for as long as the schema serves it.
                CREATE TABLE IF NOT EXISTS claimant.schema_version (
                    version    integer     PRIMARY KEY,
                    applied_at timestamptz NOT NULL DEFAULT now()
                );
                -- Each version that was applied, and the oldest version whose library works with it.
                CREATE TABLE claimant.schema_history (
                    version    integer     PRIMARY KEY,
                    serves     integer     NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now()
                );
                INSERT INTO claimant.schema_history SELECT version, version, applied_at FROM claimant.schema_version;
            END IF;
            END
            $history$;
            """;

    private static final String UNLESS_APPLIED = """

            -- version %1$s
            DO $migration$
            BEGIN
            IF NOT EXISTS (SELECT FROM claimant.schema_history WHERE version = %1$s) THEN
            %3$s
            INSERT INTO claimant.schema_history (version, serves) VALUES (%1$s, %2$s);
            INSERT INTO claimant.schema_version (version) VALUES (%2$s) ON CONFLICT DO NOTHING;
            END IF;
            END
            $migration$;
            """;

    /** What a version adds is for the roles at once, where they were made before. */
    private static final String IF_THERE_ARE_ROLES = """
            IF (SELECT count(*) = 3 FROM pg_roles WHERE rolname IN ('claimant_worker', 'claimant_scaler', 'claimant_operator')) THEN
            %s
            END IF;""";

    private Migrations() {}

    /** On a connection in auto-commit mode; tries anew while transactions of others are in the way. Returns the version. */
    static int apply(Connection connection) throws SQLException {
        String script = sql();
        for (int tries = 1; ; tries++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(script);
                return NEEDED;
            } catch (SQLException e) {
                rollBack(connection, e);
                if (tries == MOST_TRIES || !IN_THE_WAY.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
            }
        }
    }

    private static void rollBack(Connection connection, SQLException failure) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** What {@link #apply} does, as a script. */
    static String sql() {
        StringBuilder script = new StringBuilder(BEGIN).append(HISTORY);
        for (Migration migration : ALL) {
            StringBuilder body = new StringBuilder();
            migration.files().forEach(name -> body.append(file(name)));
            if (migration.version() == NEEDED) {
                body.append(filled(IF_THERE_ARE_ROLES, file("grants.sql")));
            }
            script.append(filled(UNLESS_APPLIED, migration.version(), migration.serves(), body));
        }
        return script.append(MEND).append(COMMIT).toString();
    }

    static String roles() {
        return BEGIN + file("roles.sql") + file("grants.sql") + COMMIT;
    }

    private static String file(String name) {
        try (InputStream in = Migrations.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar has no file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
