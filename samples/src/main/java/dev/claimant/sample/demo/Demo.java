package dev.claimant.sample.demo;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.UsageException;
import dev.claimant.sample.clap.ClapTables;
import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Image;
import dev.claimant.sample.cluster.LocalPostgres;
import dev.claimant.sample.cluster.Pace;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.PostgresScaler;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.ScaledJob;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Claps in a real database, made by Jobs of the shipped ScaledJob, each pod a real process; some are killed on the way. */
public final class Demo {

    private static final Path MANIFEST = Path.of("deploy", "postgres", "scaledjob.yaml");
    private static final String DATABASE = "clap";
    private static final String SECRET = "clap-database";
    private static final String WORKER = "claimant_worker";
    private static final String SCALER = "claimant_scaler";
    private static final Pace PACE = new Pace(10);
    private static final Duration TICK = Duration.ofMillis(50);

    private final DemoOptions options;
    private final PrintStream out;

    private Demo(DemoOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Runs the demo; 0 if each clap was made exactly once, as many pods were killed as asked for and never too many ran. */
    public static int run(Arguments arguments, PrintStream out) throws SQLException {
        if (arguments.flag("--help")) {
            arguments.end();
            out.print(DemoOptions.USAGE);
            return 0;
        }
        Demo demo = new Demo(DemoOptions.read(arguments), out);
        try {
            Class.forName("io.zonky.test.db.postgres.embedded.EmbeddedPostgres");
        } catch (ClassNotFoundException e) {
            throw new UsageException("the demo needs more libraries than a worker: start it as bin/demo");
        }
        return demo.run();
    }

    private int run() throws SQLException {
        ScaledJob scaledJob = ScaledJob.read(MANIFEST).withMaxReplicaCount(options.max());
        out.println("Starting a PostgreSQL server ...");
        try (LocalPostgres postgres = LocalPostgres.start()) {
            postgres.createDatabase(DATABASE);
            ClapTables.migrate(postgres.superuser(DATABASE));
            postgres.allowLogin(WORKER, WORKER);
            postgres.allowLogin(SCALER, SCALER);
            if (Image.lacksArchive()) {
                out.println("Writing an archive of class data, once, so that pods start faster ...");
                rehearse(postgres);
            }
            ClapTables.send(postgres.superuser(DATABASE), options.claps(), options.seconds());
            out.println("Asked for " + options.claps() + " claps of " + options.seconds() + " s. KEDA, played "
                    + PACE.factor() + " times faster, follows " + MANIFEST + ":");
            return play(scaledJob, postgres);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /** In a database of its own, so that the play begins with empty tables. */
    private static void rehearse(LocalPostgres postgres) throws SQLException, InterruptedException {
        String database = "rehearsal";
        postgres.createDatabase(database);
        ClapTables.migrate(postgres.superuser(database));
        ClapTables.send(postgres.superuser(database), 1, 0);
        Image.writeArchive(postgres.environment(database, WORKER, WORKER));
    }

    private int play(ScaledJob scaledJob, LocalPostgres postgres) throws SQLException {
        Path folder = temporaryFolder();
        Progress progress = options.plain() ? Progress.lines(out) : Progress.picture(out);
        Pods pods = new Pods(
                Map.of(SECRET, postgres.secret(DATABASE, WORKER, WORKER)),
                // pods have a network each, processes share one
                Map.of("CLAIMANT_MANAGEMENT_PORT", "0"),
                folder);
        try (Audience audience = new Audience(postgres.superuser(DATABASE));
                Scaler scaler =
                        new PostgresScaler(scaledJob.triggers().get(0), postgres.login(DATABASE, SCALER, SCALER));
                Cluster cluster = new Cluster(scaledJob, scaler, pods, PACE, progress::news)) {
            Report report = watch(cluster, audience, progress);
            report.print(out);
            if (!report.isGood()) {
                out.println("This is not how it should be. What the pods have said is in " + folder);
                return 1;
            }
            delete(folder);
            return 0;
        }
    }

    private Report watch(Cluster cluster, Audience audience, Progress progress) throws SQLException {
        Reaper reaper = new Reaper(options.kill(), cluster, audience, progress::news);
        long began = System.nanoTime();
        Duration patience =
                Duration.ofMinutes(2).plusSeconds(5L * options.claps() * (1 + options.seconds()) / options.max());
        Duration elapsed = Duration.ZERO;
        while (!cluster.isIdle()
                && elapsed.compareTo(patience) < 0
                && !Thread.currentThread().isInterrupted()) {
            cluster.tick();
            Audience.Counts claps = audience.count();
            reaper.tick(claps);
            elapsed = Duration.ofNanos(System.nanoTime() - began);
            progress.show(Scene.now(cluster, claps, options.max(), reaper.killed(), elapsed));
            pause();
        }
        return new Report(options, audience.count(), cluster, reaper.killed(), elapsed);
    }

    private static void pause() {
        try {
            Thread.sleep(TICK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("claimant-demo");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
