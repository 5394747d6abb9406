package dev.claimant.sample.hello;

import dev.claimant.Handler;
import dev.claimant.postgres.Inbox;
import dev.claimant.postgres.PostgresSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The application's table {@code greeting}: who was greeted, by whom. A greeting that comes twice is noted once, by the inbox. */
public final class Greetings {

    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS greeting (
                text text NOT NULL, said_by text NOT NULL, said_at timestamptz NOT NULL DEFAULT clock_timestamp());
            GRANT SELECT, INSERT ON greeting TO claimant_worker""";

    private static final String NOTE = "INSERT INTO greeting (text, said_by) VALUES (?, ?)";

    private Greetings() {}

    /** Greets first, for that may take long; the transaction that notes it is short. */
    public static Handler handler(DataSource dataSource, String worker) {
        Handler greet = new HelloHandler();
        Handler note = new Inbox(dataSource, "greetings")
                .handler((claim, connection) -> note(connection, claim.text(), worker));
        return claim -> {
            greet.handle(claim);
            note.handle(claim);
        };
    }

    private static void note(Connection connection, String text, String worker) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(NOTE)) {
            insert.setString(1, text);
            insert.setString(2, worker);
            insert.executeUpdate();
        }
    }

    /** Creates Claimant's schema, its roles and the table. */
    public static void migrate(DataSource dataSource) throws SQLException {
        PostgresSource.migrate(dataSource);
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(PostgresSource.rolesSql());
            statement.execute(TABLE);
        }
    }
}
