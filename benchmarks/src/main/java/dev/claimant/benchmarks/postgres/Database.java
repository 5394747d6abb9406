package dev.claimant.benchmarks.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

/** Runs SQL beside the contenders. */
final class Database {

    /** Of a message whose number is {@code i}: four bytes, then what makes it 200. */
    static final String BODY = "int4send(i::int) || decode(repeat('00', 196), 'hex')";

    static final String URL_VARIABLE = "BENCH_URL";

    final DataSource dataSource;
    private final String url;

    Database(DataSource dataSource, String url) {
        this.dataSource = dataSource;
        this.url = url;
    }

    /** How a contender's process finds it. */
    Map<String, String> environment() {
        return Map.of(URL_VARIABLE, url);
    }

    void execute(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** Runs SQL with one number in it. */
    void execute(String sql, int number) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, number);
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** What a server has to do now and then is done before a run, and the pages it is about to change were changed since. */
    void fill(String table, String insert, int messages) {
        execute("TRUNCATE " + table);
        execute("CHECKPOINT");
        execute(insert, messages - 1);
        execute("VACUUM ANALYZE " + table);
    }

    long number(String query) {
        return Long.parseLong(text(query));
    }

    String text(String query) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + query, e);
        }
    }
}
