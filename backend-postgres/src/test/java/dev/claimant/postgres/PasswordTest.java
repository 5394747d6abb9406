package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Worker;
import dev.claimant.WorkerListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** A server that asks a worker for its password, which changes while the worker runs. */
class PasswordTest {

    /** Core pauses up to 10 s between claims that fail. */
    private static final Duration RECOVERY = Duration.ofSeconds(20);

    private static final String HBA = """
            host all postgres all trust
            host all app all scram-sha-256
            """;

    @TempDir
    private Path folder;

    @AutoClose
    private OwnServer server;

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() throws IOException {
        Path hba = Files.writeString(folder.resolve("pg_hba.conf"), HBA);
        server = OwnServer.started(Map.of("hba_file", hba.toString()));
        PostgresSource.migrate(server.dataSource());
        execute(PostgresSource.rolesSql());
        execute("CREATE ROLE app LOGIN PASSWORD 'old' IN ROLE claimant_worker");
    }

    @Test
    void aPasswordThatHasChangedIsTakenFromTheDataSourceWithTheNextConnection() {
        PGSimpleDataSource app = app("old");
        PostgresQueue queue = new PostgresQueue(server.dataSource(), "q");
        try (PostgresSource source = PostgresSource.queue(app, "q");
                Worker worker = worker(source)) {
            worker.start();
            queue.enqueue("before");
            await().until(() -> handled.contains("before"));
            await("two connections, and one that listens").until(() -> sessions() == 3);

            execute("ALTER ROLE app PASSWORD 'new'");
            execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
            await("the old password to be refused")
                    .until(() -> failures.stream().anyMatch(failure -> failure.contains("28P01")));
            app.setPassword("new");
            queue.enqueue("after");

            await().atMost(RECOVERY).until(() -> handled.contains("after"));
            await().atMost(RECOVERY).until(() -> sessions() == 3);
            assertThat(handled).containsExactly("before", "after");
        }
    }

    private Worker worker(PostgresSource source) {
        return Worker.builder(source)
                .handler(claim -> handled.add(claim.text()))
                .listener(new WorkerListener() {
                    @Override
                    public void sourceFailed(String operation, Exception problem) {
                        failures.add(String.valueOf(problem.getMessage()));
                    }
                })
                .build();
    }

    private PGSimpleDataSource app(String password) {
        PGSimpleDataSource app = new PGSimpleDataSource();
        app.setPortNumbers(new int[] {server.port()});
        app.setDatabaseName("postgres");
        app.setUser("app");
        app.setPassword(password);
        return app;
    }

    private long sessions() {
        return server.number("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'");
    }

    private void execute(String sql) {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }
}
