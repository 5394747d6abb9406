package dev.claimant.postgres;

import dev.claimant.contract.FreePorts;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A server that a test may kill, restart, and configure as it likes: always the embedded one. */
final class OwnServer implements AutoCloseable {

    private final Path data;
    private final int port;
    private final Map<String, String> settings;
    private @Nullable EmbeddedPostgres server;

    private OwnServer(Path data, int port, Map<String, String> settings) {
        this.data = data;
        this.port = port;
        this.settings = settings;
    }

    /** A new cluster, started. */
    static OwnServer started(Map<String, String> settings) {
        try {
            OwnServer own = new OwnServer(Files.createTempDirectory("own-server"), FreePorts.next(), settings);
            own.start();
            return own;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A read-only copy of this one, which follows it; both run. */
    OwnServer standby() {
        try {
            Path copy = Files.createTempDirectory("own-server");
            stop();
            copy(data, copy);
            start();
            Files.createFile(copy.resolve("standby.signal"));
            Files.writeString(
                    copy.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres'\n");
            OwnServer standby = new OwnServer(copy, FreePorts.next(), settings);
            standby.start();
            return standby;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(true)
                    .setPort(port);
            // What is acknowledged survives a crash: the embedded server's own default gives that up for speed.
            builder.setServerConfig("synchronous_commit", "on").setServerConfig("fsync", "on");
            settings.forEach(builder::setServerConfig);
            server = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * {@code kill -9} of the postmaster. Its children end when they notice; its pid file stays, so that no other starts before the last
     * of them has: two generations at work on the same files would lose what the older one still acknowledges.
     */
    void kill() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0));
            ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
            postmaster.destroyForcibly();
            Awaitility.await("the killed server to end").until(() -> !postmaster.isAlive());
            stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tries until the last process of a killed one has ended. */
    void startAgain() {
        Awaitility.await("the killed server to start again")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> {
                    start();
                    return true;
                });
    }

    private void stop() throws IOException {
        EmbeddedPostgres running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }

    /** The standby has all that is here. */
    void awaitFollowed() {
        Awaitility.await("the standby")
                .atMost(Duration.ofSeconds(30))
                .until(() -> number("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()")
                        == 1);
    }

    int port() {
        return port;
    }

    PGSimpleDataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl("jdbc:postgresql://localhost:" + port + "/postgres?user=postgres");
        return dataSource;
    }

    long number(String sql) {
        try (Connection connection = dataSource().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (!Files.isDirectory(file)) {
                    Files.copy(file, target);
                } else if (!file.equals(from)) {
                    Files.createDirectory(target);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            stop();
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
