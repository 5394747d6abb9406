package dev.claimant.sample.clap;

import dev.claimant.postgres.DeadLetters;
import dev.claimant.postgres.PostgresConfig;
import dev.claimant.postgres.PostgresSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** The application's tables: {@code make_it_clap} asks for claps, {@code clap} says how each is going, {@code clap_log} forgets nothing. */
public final class ClapTables {

    /** A clap waits to be made while nobody has begun it; what was begun is Claimant's to bring back. */
    private static final String PENDING = "NOT EXISTS (SELECT 1 FROM clap c WHERE c.id = t.id)";

    private static final String ASKED_FOR = "make_it_clap";

    private ClapTables() {}

    /** The claps that were asked for, as messages. The caller closes it. */
    public static PostgresSource source(DataSource dataSource, Duration lockLength, Duration connectTimeout) {
        PostgresConfig config = PostgresConfig.table(ASKED_FOR)
                .key("id")
                .orderBy("id")
                .pending(PENDING)
                .lockLength(lockLength)
                .connectTimeout(connectTimeout)
                .build();
        return PostgresSource.of(dataSource, config);
    }

    /** The claps that were given up. */
    public static DeadLetters deadLetters(DataSource dataSource) {
        return new DeadLetters(dataSource, ASKED_FOR);
    }

    /** All that the sample needs in a database: Claimant's schema and roles, the application's tables and grants. */
    public static void migrate(DataSource dataSource) throws SQLException {
        PostgresSource.migrate(dataSource);
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(applicationSql());
            connection.commit();
        }
    }

    /** What {@link #migrate} does, for an administrator who prefers to do it. */
    public static String migrationSql() {
        return PostgresSource.migrationSql() + "\nBEGIN;\n" + applicationSql() + "COMMIT;\n";
    }

    /** Asks for claps. */
    public static void send(DataSource dataSource, int claps, int seconds) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO make_it_clap (duration_seconds) SELECT ? FROM generate_series(1, ?)")) {
            insert.setInt(1, seconds);
            insert.setInt(2, claps);
            insert.executeUpdate();
        }
    }

    private static String applicationSql() {
        try (InputStream in = ClapTables.class.getResourceAsStream("claps.sql")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks claps.sql");
            }
            return PostgresSource.rolesSql() + "\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
