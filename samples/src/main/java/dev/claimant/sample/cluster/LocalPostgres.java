package dev.claimant.sample.cluster;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL server for as long as this process lives, its programs from Maven Central. Runs as root, too. */
public final class LocalPostgres implements AutoCloseable {

    private static final String SUPERUSER = "postgres";

    private final EmbeddedPostgres server;

    private LocalPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts it on a free port, with an empty cluster. */
    public static LocalPostgres start() {
        try {
            // nothing here outlives the server, so it may lose all when the machine does
            return new LocalPostgres(EmbeddedPostgres.builder()
                    .setServerConfig("synchronous_commit", "off")
                    .setServerConfig("full_page_writes", "off")
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not start", e);
        }
    }

    /** A new, empty database. */
    public void createDatabase(String name) {
        execute(SUPERUSER, "CREATE DATABASE " + name);
    }

    /** Lets a role log in, as an administrator would who hands out passwords. */
    public void allowLogin(String role, String password) {
        execute(SUPERUSER, "ALTER ROLE " + role + " LOGIN PASSWORD '" + password + "'");
    }

    /** Runs SQL as the superuser. */
    public void execute(String database, String sql) {
        try (Connection connection = superuser(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** Connections that may do everything. */
    public DataSource superuser(String database) {
        return server.getDatabase(SUPERUSER, database);
    }

    /** Connections of a login. */
    public DataSource login(String database, String login, String password) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"localhost"});
        dataSource.setPortNumbers(new int[] {server.getPort()});
        dataSource.setDatabaseName(database);
        dataSource.setUser(login);
        dataSource.setPassword(password);
        return dataSource;
    }

    /** The keys that a Secret for a worker of this database has. */
    public Map<String, String> secret(String database, String login, String password) {
        return Map.of(
                "host",
                "localhost",
                "port",
                Integer.toString(server.getPort()),
                "database",
                database,
                "username",
                login,
                "password",
                password,
                "sslmode",
                "disable");
    }

    /** What a worker on this machine reads the same from. */
    public Map<String, String> environment(String database, String login, String password) {
        return Map.of(
                "SOURCE",
                "postgres",
                "PGHOST",
                "localhost",
                "PGPORT",
                Integer.toString(server.getPort()),
                "PGDATABASE",
                database,
                "PGUSER",
                login,
                "PGPASSWORD",
                password,
                "PGSSLMODE",
                "disable",
                "CLAIMANT_MANAGEMENT_PORT",
                "0");
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
