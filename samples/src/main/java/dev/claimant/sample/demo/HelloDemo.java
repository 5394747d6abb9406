package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Deployment;
import dev.claimant.sample.cluster.LocalPostgres;
import dev.claimant.sample.cluster.Pace;
import dev.claimant.sample.cluster.ParallelJob;
import dev.claimant.sample.hello.Greetings;
import dev.claimant.sample.keda.ParallelJobTemplate;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.ScaledObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Greetings through a broker: the producer's Job asks for them; KEDA scales the workers' Deployment from none to as many as
 * there is work for, and back. Some workers are killed, one message comes twice, and the inbox notes each greeting once.
 */
final class HelloDemo {

    private static final String DATABASE = "hello";
    private static final String WORKER = "claimant_worker";
    private static final String PRODUCER = "producer.yaml";
    private static final Pace PACE = new Pace(10);

    private final HelloOptions options;
    private final PrintStream out;
    private final Path folder = Demo.temporaryFolder();
    private final Path manifests;
    private final ScaledObject scaledObject;
    private final PodTemplate worker;

    HelloDemo(HelloOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        manifests = options.play().manifests();
        scaledObject = ScaledObject.read(manifests.resolve("workers/scaledobject.yaml"))
                .withMaxReplicaCount(options.max());
        worker = PodTemplate.read(manifests.resolve("workers/deployment.yaml"), "Deployment");
    }

    /** A Job of one pod asks for all; one of several has a pod for each. */
    private ParallelJobTemplate producer(int greetings) {
        ParallelJobTemplate job = ParallelJobTemplate.read(manifests.resolve(PRODUCER));
        boolean one = job.completions() == 1;
        List<String> args = List.of("send", Integer.toString(one ? greetings : 1), Integer.toString(options.seconds()));
        return new ParallelJobTemplate(
                one ? 1 : greetings, job.parallelism(), job.pod().withArgs(args));
    }

    /** 0 if each greeting was noted exactly once and the workers came and went as the manifests say. */
    int run() throws SQLException {
        Demo.needsPostgres();
        out.println("Starting a PostgreSQL server and " + options.play().server + " ...");
        try (HelloStage stage = options.play().open();
                LocalPostgres postgres = LocalPostgres.start()) {
            postgres.createDatabase(DATABASE);
            Greetings.migrate(postgres.superuser(DATABASE));
            postgres.allowLogin(WORKER, WORKER);
            return play(postgres, stage);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private int play(LocalPostgres postgres, HelloStage stage) throws SQLException {
        int byTheJob = options.greetings() - stage.greetingsOfItsOwn();
        out.println("The Job of " + manifests.resolve(PRODUCER) + " asks for " + byTheJob + " greetings of "
                + options.seconds() + " s ...");
        if (!produce(stage, producer(byTheJob), folder)) {
            return Demo.end(false, folder, out);
        }
        out.println(stage.disturb() + " KEDA, played " + PACE.factor() + " times faster, follows "
                + manifests.resolve("workers/scaledobject.yaml") + ":");
        Map<String, String> environment = new HashMap<>(postgres.environment(DATABASE, WORKER, WORKER));
        environment.remove("SOURCE");
        ScaledObject played = scaledObject.withTriggers(stage.triggers(scaledObject.triggers()));
        Progress progress = options.plain() ? Progress.lines(out) : Progress.picture(out);
        try (HelloAudience audience = new HelloAudience(postgres.superuser(DATABASE));
                Deployment deployment = new Deployment(
                        played,
                        worker,
                        played.triggers().stream().map(stage::scaler).toList(),
                        stage.pods(folder, environment),
                        PACE,
                        progress::news)) {
            HelloReport report = watch(deployment, stage, audience, progress);
            report.print(out);
            return Demo.end(report.isGood(), folder, out);
        }
    }

    /** Returns whether all pods of the Job have succeeded. */
    private static boolean produce(HelloStage stage, ParallelJobTemplate producer, Path folder) {
        try (ParallelJob job = new ParallelJob("producer", producer, stage.pods(folder, Map.of()))) {
            do {
                job.tick();
            } while (!job.isComplete() && !job.hasFailed() && Demo.pause());
            return job.isComplete();
        }
    }

    private HelloReport watch(Deployment deployment, HelloStage stage, HelloAudience audience, Progress progress)
            throws SQLException {
        int greetings = options.greetings();
        HelloReaper reaper = new HelloReaper(options.kill(), deployment, progress::news);
        long began = System.nanoTime();
        Duration patience = Duration.ofMinutes(3).plusSeconds((long) greetings * options.seconds());
        Duration elapsed;
        do {
            deployment.tick();
            reaper.tick();
            elapsed = Duration.ofNanos(System.nanoTime() - began);
            int noted = audience.count().noted();
            progress.show(HelloScene.now(deployment, noted, greetings, options.max(), reaper.killed(), elapsed));
        } while (!deployment.isAtRest() && elapsed.compareTo(patience) < 0 && Demo.pause());
        return new HelloReport(
                options, slots(), audience.count(), HelloReport.Rest.of(stage), deployment, reaper.killed(), elapsed);
    }

    /** Of each worker. */
    private int slots() {
        return (int) scaledObject.triggers().get(0).target();
    }
}
