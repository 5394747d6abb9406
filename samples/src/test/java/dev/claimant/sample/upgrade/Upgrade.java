package dev.claimant.sample.upgrade;

import dev.claimant.sample.clap.ClapTables;
import dev.claimant.sample.cluster.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Upgrades the schema under load: workers and Jobs of an older version make claps, the schema is migrated meanwhile, and workers and Jobs of
 * this version join them. No clap may be lost or made twice, no process may fail.
 */
final class Upgrade {

    private static final String DATABASE = "upgrade";
    private static final String LOGIN = "postgres";
    private static final int CLAPS_AT_ONCE = 5;

    private final LocalPostgres postgres;
    private final DataSource database;
    private final int claps;
    private final Path logs;
    private final List<Process> workers = new ArrayList<>();
    private final Map<String, List<Process>> jobs = new TreeMap<>();

    private Upgrade(LocalPostgres postgres, int claps) throws IOException {
        this.postgres = postgres;
        this.database = postgres.superuser(DATABASE);
        this.claps = claps;
        this.logs = Files.createTempDirectory("claimant-upgrade");
    }

    /** Arguments: the JAR of the older version, of this one, how many claps. */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        try (LocalPostgres postgres = LocalPostgres.start()) {
            postgres.createDatabase(DATABASE);
            boolean well = new Upgrade(postgres, Integer.parseInt(args[2])).run(args[0], args[1]);
            System.exit(well ? 0 : 1);
        }
    }

    private boolean run(String older, String newer) throws IOException, InterruptedException, SQLException {
        require(exitCode(start(older, "migrate")), "the older migrate");
        try {
            workers.add(start(older, "worker"));
            workers.add(start(older, "worker"));
            load(claps / 3, older);
            long begun = System.nanoTime();
            require(exitCode(start(newer, "migrate")), "migrate");
            System.out.printf("migrated under load in %d ms, the start of its process included%n", millisSince(begun));
            load(claps / 3, older);
            workers.add(start(newer, "worker"));
            workers.add(start(newer, "worker"));
            load(claps / 3, older, newer);
            awaitAllMade();
        } finally {
            workers.forEach(Process::destroy);
        }
        return report();
    }

    /** Asks for claps, and starts a Job of each version now and then. */
    private void load(int more, String... jars) throws IOException, InterruptedException, SQLException {
        for (int asked = 0; asked < more; asked += CLAPS_AT_ONCE) {
            ClapTables.send(database, CLAPS_AT_ONCE, 0);
            if (asked % (more / 4) < CLAPS_AT_ONCE) {
                for (String jar : jars) {
                    jobs.computeIfAbsent(jar, key -> new ArrayList<>()).add(start(jar, "job"));
                }
            }
            TimeUnit.MILLISECONDS.sleep(40);
        }
    }

    private void awaitAllMade() throws InterruptedException, SQLException {
        long begun = System.nanoTime();
        while (number("SELECT count(*) FROM make_it_clap a WHERE NOT EXISTS ("
                        + "SELECT 1 FROM clap c WHERE c.id = a.id AND c.status = 'SUCCESS')")
                > 0) {
            if (millisSince(begun) > TimeUnit.MINUTES.toMillis(3)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean report() throws InterruptedException, SQLException {
        long asked = number("SELECT count(*) FROM make_it_clap");
        long made = number("SELECT count(*) FROM clap WHERE status = 'SUCCESS'");
        long twice = number(
                "SELECT count(*) FROM (SELECT id FROM clap_log WHERE event = 'SUCCESS' GROUP BY id HAVING count(*) > 1) t");
        System.out.printf("%d claps asked for, %d made, %d lost, %d made twice%n", asked, made, asked - made, twice);
        boolean well = asked == made && twice == 0;
        for (Map.Entry<String, List<Process>> ofJar : jobs.entrySet()) {
            Map<Integer, Integer> exitCodes = new TreeMap<>();
            for (Process job : ofJar.getValue()) {
                exitCodes.merge(exitCode(job), 1, Integer::sum);
            }
            System.out.printf("Jobs of %s by exit code: %s%n", ofJar.getKey(), exitCodes);
            well &= exitCodes.keySet().equals(Set.of(0));
        }
        for (Process worker : workers) {
            int exitCode = exitCode(worker);
            well &= exitCode == 0 || exitCode == 143;
        }
        System.out.println((well ? "well" : "NOT WELL") + "; what the processes said: " + logs);
        return well;
    }

    private Process start(String jar, String command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx64m",
                            "-jar",
                            jar,
                            command)
                    .redirectErrorStream(true)
                    .redirectOutput(Files.createTempFile(logs, command, ".log").toFile());
            builder.environment().putAll(postgres.environment(DATABASE, LOGIN, LOGIN));
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    private void require(int exitCode, String what) {
        if (exitCode != 0) {
            throw new IllegalStateException(what + " exited with " + exitCode + "; see " + logs);
        }
    }

    private long number(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
