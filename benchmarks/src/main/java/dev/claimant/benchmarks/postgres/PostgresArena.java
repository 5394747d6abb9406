package dev.claimant.benchmarks.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.claimant.benchmarks.harness.Arena;
import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.Enqueuer;
import dev.claimant.benchmarks.harness.ProcessorTime;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A real server with its programs from Maven Central, that loses nothing when the machine does. */
public final class PostgresArena implements Arena {

    private static final String WAL_BYTES = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint";
    private static final String COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";

    private final EmbeddedPostgres server;
    private final HikariDataSource dataSource = new HikariDataSource();
    private final Database database;
    private final List<Contender> contenders;

    /** Somebody listens from then on, whom the server wakes at each notification: so there are none before they are measured. */
    private @Nullable Enqueuers enqueuers;

    /** Starts the server. */
    public PostgresArena() {
        try {
            server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("shared_buffers", "256MB")
                    .setServerConfig(
                            "max_wal_size", "8GB") // a run is not to meet a checkpoint that another one does not
                    .setServerConfig("checkpoint_timeout", "1h")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not start", e);
        }
        dataSource.setJdbcUrl(url());
        dataSource.setMaximumPoolSize(4);
        database = new Database(dataSource, url());
        contenders = List.of(
                new RawContender(database),
                new ClaimantContender(database, "claimant", ClaimantProgram.class),
                new ClaimantContender(database, "claimant-tuned", TunedProgram.class),
                new DbSchedulerContender(database),
                new JobRunrContender(database));
    }

    private String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    Database database() {
        return database;
    }

    /** A new connection each time. */
    DataSource direct() {
        return server.getPostgresDatabase();
    }

    double serverMicros() {
        return ProcessorTime.microsOfServer(postmaster());
    }

    @Override
    public String describe() {
        return "PostgreSQL " + database.text("SHOW server_version") + ", fsync " + database.text("SHOW fsync")
                + ", synchronous_commit " + database.text("SHOW synchronous_commit");
    }

    @Override
    public List<Contender> contenders() {
        return contenders;
    }

    @Override
    public List<Enqueuer> enqueuers() {
        if (enqueuers == null) {
            enqueuers = new Enqueuers(database, Pool.open(url()));
        }
        return enqueuers.all();
    }

    private long postmaster() {
        try (Stream<String> lines = Files.lines(Path.of(database.text("SHOW data_directory"), "postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sessions report their commits when they end, so this is exact between runs. */
    @Override
    public Map<String, Double> meters() {
        Map<String, Double> meters = new LinkedHashMap<>();
        meters.put("server_cpu_us_per_msg", serverMicros());
        meters.put("wal_bytes_per_msg", (double) database.number(WAL_BYTES));
        meters.put("commits_per_msg", (double) database.number(COMMITS));
        return meters;
    }

    @Override
    public void close() {
        if (enqueuers != null) {
            enqueuers.close();
        }
        dataSource.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
