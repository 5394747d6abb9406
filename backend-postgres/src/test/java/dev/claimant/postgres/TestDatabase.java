package dev.claimant.postgres;

import dev.claimant.contract.Wire;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A database on the test server, seen by a superuser. */
final class TestDatabase {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final PGSimpleDataSource dataSource;

    private TestDatabase(PGSimpleDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The database that most tests share, each with a queue of its own. */
    private static final class Shared {
        static final TestDatabase DATABASE = migrated();

        private static TestDatabase migrated() {
            TestDatabase database = empty();
            PostgresSource.migrate(database.dataSource());
            database.execute(PostgresSource.rolesSql());
            return database;
        }
    }

    static TestDatabase shared() {
        return Shared.DATABASE;
    }

    /** A new database without the schema. */
    static TestDatabase empty() {
        return created("");
    }

    /** One whose texts are not in UTF-8. */
    static TestDatabase encodedIn(String encoding) {
        return created(" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING '" + encoding + "'");
    }

    private static TestDatabase created(String options) {
        PGSimpleDataSource server = server();
        String name = "test_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
        new TestDatabase(server).execute("CREATE DATABASE " + name + options);
        PGSimpleDataSource database = server();
        database.setDatabaseName(name);
        return new TestDatabase(database);
    }

    private static PGSimpleDataSource server() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(TestServer.url());
        return dataSource;
    }

    DataSource dataSource() {
        return dataSource;
    }

    /** The same database as another role sees it. */
    TestDatabase as(String role, String password) {
        PGSimpleDataSource other = server();
        other.setDatabaseName(dataSource.getDatabaseName());
        other.setUser(role);
        other.setPassword(password);
        return new TestDatabase(other);
    }

    /** The same database by connections of that name. */
    TestDatabase named(String application) {
        PGSimpleDataSource other = server();
        other.setDatabaseName(dataSource.getDatabaseName());
        other.setUser(dataSource.getUser());
        other.setPassword(dataSource.getPassword());
        other.setApplicationName(application);
        return new TestDatabase(other);
    }

    /** The same database by sessions that begin with these options. */
    TestDatabase with(String options) {
        TestDatabase other = named(String.valueOf(dataSource.getApplicationName()));
        other.dataSource.setOptions(options);
        return other;
    }

    /** The same database by connections that read no more than this of one answer, as a client whose memory ends. */
    TestDatabase readingAtMost(String bytes) {
        TestDatabase other = named(String.valueOf(dataSource.getApplicationName()));
        other.dataSource.setMaxResultBuffer(bytes);
        return other;
    }

    /** A wire to this server, to be cut. */
    Wire wire() {
        return Wire.to(dataSource.getServerNames()[0], dataSource.getPortNumbers()[0]);
    }

    /** The same database at the other end of a wire. */
    TestDatabase through(Wire wire) {
        TestDatabase other = named(String.valueOf(dataSource.getApplicationName()));
        other.dataSource.setServerNames(new String[] {"localhost"});
        other.dataSource.setPortNumbers(new int[] {wire.port()});
        return other;
    }

    /** For another process. */
    String url() {
        return dataSource.getUrl() + "&user=" + dataSource.getUser() + "&password=" + dataSource.getPassword();
    }

    String name() {
        return String.valueOf(dataSource.getDatabaseName());
    }

    Connection connect() {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** How many rows changed. */
    int update(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = prepared(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** The first column. */
    List<String> column(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = prepared(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    String one(String sql, Object... parameters) {
        List<String> values = column(sql, parameters);
        if (values.size() != 1) {
            throw new AssertionError(sql + " gave " + values);
        }
        return values.get(0);
    }

    long number(String sql, Object... parameters) {
        return Long.parseLong(one(sql, parameters));
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
