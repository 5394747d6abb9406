package dev.claimant.sample;

import dev.claimant.JobOptions;
import dev.claimant.PermanentFailure;
import dev.claimant.Worker;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.sample.clap.ClapTables;
import dev.claimant.sample.cluster.LocalPostgres;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.PostgresScaler;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.ScaledJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database of its own for a test, on the one server that all tests share, with the roles and grants that {@code migrate} makes. */
public final class ClapDatabase {

    public static final ScaledJob SCALED_JOB =
            ScaledJob.read(Path.of("..", "deploy", "postgres", "jobs", "scaledjob.yaml"));

    private static final String WORKER = "claimant_worker";
    private static final String SCALER = "claimant_scaler";
    private static final String OPERATOR = "claimant_operator";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final LocalPostgres SERVER = LocalPostgres.start();

    private final String name = "clap_" + NUMBER.incrementAndGet();

    public ClapDatabase() throws SQLException {
        SERVER.createDatabase(name);
        ClapTables.migrate(superuser());
        SERVER.allowLogin(WORKER, WORKER);
        SERVER.allowLogin(SCALER, SCALER);
        SERVER.allowLogin(OPERATOR, OPERATOR);
    }

    public DataSource superuser() {
        return SERVER.superuser(name);
    }

    public DataSource worker() {
        return SERVER.login(name, WORKER, WORKER);
    }

    /** As a worker's environment would name it. */
    public Map<String, String> environment() {
        return SERVER.environment(name, WORKER, WORKER);
    }

    /** Reads the shipped query, as the scaler's role. */
    public Scaler scaler() throws SQLException {
        return new PostgresScaler(SCALED_JOB.triggers().get(0), SERVER.login(name, SCALER, SCALER));
    }

    public PostgresSource source(Duration lockLength) {
        return ClapTables.source(worker(), lockLength, Duration.ofSeconds(60));
    }

    /** Pods whose Secrets name this database. */
    public Pods pods(Path folder, Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(overrides);
        all.put("CLAIMANT_MANAGEMENT_PORT", "0"); // pods have a network each, processes share one
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Pods(
                Map.of(
                        "clap-database", SERVER.secret(name, WORKER, WORKER),
                        "clap-operator", SERVER.secret(name, OPERATOR, OPERATOR)),
                all,
                folder);
    }

    public void send(int claps, int seconds) throws SQLException {
        ClapTables.send(superuser(), claps, seconds);
    }

    /** Sends so many claps, each of which fails for good. */
    public void giveUp(int claps) throws SQLException {
        send(claps, 1);
        try (PostgresSource source = source(Duration.ofSeconds(30))) {
            Worker.builder(source)
                    .handler(claim -> {
                        throw new PermanentFailure("clap " + claim.id() + " is too loud");
                    })
                    .build()
                    .runJob(JobOptions.messages(claps));
        }
    }

    public void execute(String sql) {
        SERVER.execute(name, sql);
    }

    /** What the database says to a login that tries what it may not do. */
    public String refusal(String login, String sql) {
        try (Connection connection = SERVER.login(name, login, login).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return "done";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The one value that the query answers, as text. */
    public String value(String sql) {
        return rows(sql).get(0);
    }

    public int number(String sql) {
        return Integer.parseInt(value(sql));
    }

    /** The rows that the query answers, each as one text with a space between columns. */
    public List<String> rows(String sql) {
        try (Connection connection = superuser().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    values.add(String.valueOf(row.getString(column)));
                }
                rows.add(String.join(" ", values));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
