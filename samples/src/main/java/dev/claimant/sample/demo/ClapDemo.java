package dev.claimant.sample.demo;

import dev.claimant.sample.clap.ClapTables;
import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Image;
import dev.claimant.sample.cluster.LocalPostgres;
import dev.claimant.sample.cluster.Pace;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.PostgresScaler;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.ScaledJob;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Claps in a real database, made by Jobs of the shipped ScaledJob, each pod a real process; some are killed on the way. */
final class ClapDemo {

    private static final Path MANIFEST = Path.of("deploy", "postgres", "jobs", "scaledjob.yaml");
    private static final String DATABASE = "clap";
    private static final String SECRET = "clap-database";
    private static final String WORKER = "claimant_worker";
    private static final String SCALER = "claimant_scaler";
    private static final Pace PACE = new Pace(10);

    private final DemoOptions options;
    private final PrintStream out;

    ClapDemo(DemoOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** 0 if each clap was made exactly once, as many pods were killed as asked for and never too many ran. */
    int run() throws SQLException {
        Demo.needsPostgres();
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
        Path folder = Demo.temporaryFolder();
        Progress progress = options.plain() ? Progress.lines(out) : Progress.picture(out);
        Pods pods = new Pods(
                Map.of(SECRET, postgres.secret(DATABASE, WORKER, WORKER)),
                // pods have a network each, processes share one
                Map.of("CLAIMANT_MANAGEMENT_PORT", "0"),
                folder);
        try (ClapAudience audience = new ClapAudience(postgres.superuser(DATABASE));
                Scaler scaler =
                        new PostgresScaler(scaledJob.triggers().get(0), postgres.login(DATABASE, SCALER, SCALER));
                Cluster cluster = new Cluster(scaledJob, scaler, pods, PACE, progress::news)) {
            ClapReport report = watch(cluster, audience, progress);
            report.print(out);
            return Demo.end(report.isGood(), folder, out);
        }
    }

    private ClapReport watch(Cluster cluster, ClapAudience audience, Progress progress) throws SQLException {
        ClapReaper reaper = new ClapReaper(options.kill(), cluster, audience, progress::news);
        long began = System.nanoTime();
        Duration patience =
                Duration.ofMinutes(2).plusSeconds(5L * options.claps() * (1 + options.seconds()) / options.max());
        Duration elapsed = Duration.ZERO;
        do {
            cluster.tick();
            ClapAudience.Counts claps = audience.count();
            reaper.tick(claps);
            elapsed = Duration.ofNanos(System.nanoTime() - began);
            progress.show(ClapScene.now(cluster, claps, options.max(), reaper.killed(), elapsed));
        } while (!cluster.isIdle() && elapsed.compareTo(patience) < 0 && Demo.pause());
        return new ClapReport(options, audience.count(), cluster, reaper.killed(), elapsed);
    }
}
