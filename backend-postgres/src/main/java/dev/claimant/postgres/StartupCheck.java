package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;

import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** What must be so before the first message: the server's version, the schema and its version, the privileges of our role. */
final class StartupCheck {

    /** The oldest that is still maintained when this was written. */
    private static final int OLDEST_SERVER = 140000;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final String OF_A_SOURCE = """
            ('message', 'SELECT'), ('message', 'INSERT'), ('message', 'UPDATE'), ('message', 'DELETE'),
            ('mark', 'SELECT'), ('mark', 'INSERT'), ('mark', 'DELETE'),
            ('dead', 'SELECT'), ('dead', 'INSERT'),
            ('position', 'SELECT'), ('position', 'USAGE'), ('scaler', 'EXECUTE'), ('table_scaler', 'EXECUTE'),
            ('mend_position', 'EXECUTE')""";

    private static final String OF_A_TABLE =
            "('%1$s', 'SELECT'), ('%1$s', 'INSERT'), ('%1$s', 'UPDATE'), ('%1$s', 'DELETE')";

    private static final String FACTS = """
            SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                current_database(), current_user::text,
                CASE WHEN n.oid IS NULL THEN 'schema: claimant does not exist'
                    WHEN NOT EXISTS (
                        SELECT FROM pg_class c WHERE c.relname = 'schema_history' AND c.relnamespace = n.oid)
                    THEN 'schema: claimant has version 1 or none' END,
                n.oid IS NOT NULL AND has_schema_privilege(n.oid, 'USAGE'),
                array_to_string(ARRAY(
                    SELECT need.privilege || ' on claimant.' || need.relation
                    FROM (VALUES ('schema_history', 'SELECT'), %s) need(relation, privilege)
                    JOIN (SELECT oid, relname AS name, relnamespace AS schema, relkind::text AS kind FROM pg_class
                        UNION ALL SELECT oid, proname, pronamespace, 'function' FROM pg_proc) c
                        ON c.name = need.relation AND c.schema = n.oid
                    WHERE NOT CASE c.kind
                        WHEN 'S' THEN has_sequence_privilege(c.oid, need.privilege)
                        WHEN 'function' THEN has_function_privilege(c.oid, need.privilege)
                        ELSE has_table_privilege(c.oid, need.privilege) END), chr(10)),
                current_setting('transaction_read_only')::boolean, pg_is_in_recovery()
            FROM (SELECT 1) AS one LEFT JOIN pg_namespace n ON n.nspname = 'claimant'""";

    private static final Script VERSION = Script.byIndex(
            "SELECT coalesce(max(h.version), 0),"
                    + " (SELECT l.serves FROM claimant.schema_history l ORDER BY l.version DESC LIMIT 1) FROM claimant.schema_history h");

    private StartupCheck() {}

    private record Facts(List<String> problems, boolean versionReadable) {}

    /** Of a source, whose connection it uses. */
    static List<String> problems(SharedConnection connection, PostgresConfig config)
            throws SQLException, InterruptedException {
        return problems(connection, OF_A_SOURCE, config.statementTimeout);
    }

    /**
     * Of a role that reads and writes one more table.
     *
     * @throws ConfigurationException with all that is wrong
     * @throws SourceException if the database cannot be reached
     */
    static void ofTable(DataSource dataSource, String table) {
        try (SharedConnection connection = new SharedConnection(dataSource, "the start-up check")) {
            Checks.throwIfAny(problems(connection, filled(OF_A_TABLE, table), TIMEOUT));
        } catch (SQLException e) {
            throw PostgresErrors.failed("check", "claimant." + table, e);
        } catch (InterruptedException e) {
            throw PostgresErrors.interrupted("check", "claimant." + table, e);
        }
    }

    private static List<String> problems(SharedConnection connection, String needs, Duration timeout)
            throws SQLException, InterruptedException {
        Script ask = Script.byIndex(filled(FACTS, needs));
        Facts facts = connection.run(ask, StartupCheck::facts, deadline(timeout));
        List<String> problems = new ArrayList<>(facts.problems());
        if (facts.versionReadable()) {
            connection.run(VERSION, StartupCheck::ofVersion, deadline(timeout)).ifPresent(problems::add);
        }
        return problems;
    }

    private static long deadline(Duration timeout) {
        return System.nanoTime() + timeout.toNanos();
    }

    private static Facts facts(ResultSet row) throws SQLException {
        row.next();
        if (row.getBoolean(8)) {
            // Not for ever: a standby may be promoted, and a data source with several servers finds another.
            throw new SQLException(
                    row.getBoolean(9)
                            ? "the server is read-only, a standby; name all servers in the URL, with targetServerType=primary"
                            : "transactions are read-only for role " + row.getString(4)
                                    + "; set default_transaction_read_only to off, for the role, the database or in the URL's options",
                    "25006");
        }
        List<String> problems = new ArrayList<>();
        String where = "database " + row.getString(3);
        if (row.getInt(1) < OLDEST_SERVER) {
            problems.add("dataSource: PostgreSQL " + row.getString(2) + " is older than 14");
        }
        String lacking = row.getString(5);
        if (lacking != null) {
            problems.add(lacking + " in " + where + "; run migrate");
            return new Facts(problems, false);
        }
        String role = "role " + row.getString(4) + " in " + where;
        if (!row.getBoolean(6)) {
            problems.add("privileges: " + role + " lacks USAGE on schema claimant");
        }
        List<String> missing = lines(row.getString(7));
        for (String privilege : missing) {
            problems.add("privileges: " + role + " lacks " + privilege);
        }
        return new Facts(problems, row.getBoolean(6) && !missing.contains("SELECT on claimant.schema_history"));
    }

    /** A schema that is newer than the library is no problem while it serves the library's version. */
    private static Optional<String> ofVersion(ResultSet row) throws SQLException {
        row.next();
        int version = row.getInt(1);
        int serves = row.getInt(2);
        if (version < Migrations.NEEDED) {
            return Optional.of("schema: claimant has version " + version + ", this library needs version "
                    + Migrations.NEEDED + "; run migrate, workers of the last release go on beside new ones");
        }
        return serves <= Migrations.NEEDED
                ? Optional.empty()
                : Optional.of("schema: claimant has version " + version + ", which serves libraries of version "
                        + serves + " and newer, this one is of version " + Migrations.NEEDED + "; update the library");
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
    }
}
