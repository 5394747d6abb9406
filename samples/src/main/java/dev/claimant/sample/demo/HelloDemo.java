package dev.claimant.sample.demo;

import dev.claimant.sample.UsageException;
import dev.claimant.sample.cluster.Deployment;
import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sample.cluster.LocalPostgres;
import dev.claimant.sample.cluster.LocalSqs;
import dev.claimant.sample.cluster.Pace;
import dev.claimant.sample.cluster.ParallelJob;
import dev.claimant.sample.cluster.Pods;
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
 * Greetings through SQS: the producer's Job asks for them, one from each of its pods; KEDA scales the workers' Deployment from none to as many as
 * there is work for, and back. Some workers are killed, one message comes twice, and the inbox notes each greeting once.
 */
final class HelloDemo {

    private static final Path MANIFESTS = Path.of("deploy", "sqs");
    private static final String DATABASE = "hello";
    private static final String WORKER = "claimant_worker";
    private static final Pace PACE = new Pace(10);

    private final HelloOptions options;
    private final PrintStream out;
    private final Path folder = Demo.temporaryFolder();
    private final ScaledObject scaledObject = ScaledObject.read(MANIFESTS.resolve("scaledobject.yaml"));
    private final PodTemplate worker = PodTemplate.read(MANIFESTS.resolve("deployment.yaml"), "Deployment");
    private final ParallelJobTemplate producer = ParallelJobTemplate.read(MANIFESTS.resolve("producer.yaml"));

    HelloDemo(HelloOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** 0 if each greeting was noted exactly once and the workers came and went as the manifests say. */
    int run() throws SQLException {
        Demo.needsPostgres();
        if (!LocalSqs.isAvailable()) {
            throw new UsageException("the demo needs an SQS server: start it as bin/demo sqs");
        }
        out.println("Starting a PostgreSQL server and an SQS server (ElasticMQ) ...");
        try (LocalPostgres postgres = LocalPostgres.start();
                LocalSqs sqs = LocalSqs.start()) {
            postgres.createDatabase(DATABASE);
            Greetings.migrate(postgres.superuser(DATABASE));
            postgres.allowLogin(WORKER, WORKER);
            return play(postgres, new HelloQueue(sqs.endpoint()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private int play(LocalPostgres postgres, HelloQueue queue) throws SQLException {
        int greetings = producer.completions();
        out.println("The Job of " + MANIFESTS.resolve("producer.yaml") + " asks for " + greetings + " greetings of "
                + options.seconds() + " s ...");
        if (!produce(queue)) {
            return Demo.end(false, folder, out);
        }
        queue.repeatOne();
        out.println("One of them is sent a second time, as by a producer that was not sure. KEDA, played "
                + PACE.factor() + " times faster, follows " + MANIFESTS.resolve("scaledobject.yaml") + ":");
        Map<String, String> environment = new HashMap<>(postgres.environment(DATABASE, WORKER, WORKER));
        environment.putAll(queue.environment());
        environment.put("SQS_LOCK_SECONDS", "10"); // after a kill, a minute would be long at this pace
        Progress progress = options.plain() ? Progress.lines(out) : Progress.picture(out);
        try (HelloAudience audience = new HelloAudience(postgres.superuser(DATABASE));
                Deployment deployment = new Deployment(
                        scaledObject,
                        worker,
                        queue.scaler(scaledObject.triggers().get(0)),
                        queue.pods(folder, environment),
                        PACE,
                        progress::news)) {
            HelloReport report = watch(deployment, queue, audience, progress);
            report.print(out);
            return Demo.end(report.isGood(), folder, out);
        }
    }

    /** Returns whether all pods of the Job have succeeded. */
    private boolean produce(HelloQueue queue) {
        ParallelJobTemplate template =
                new ParallelJobTemplate(producer.completions(), producer.parallelism(), withSeconds(producer.pod()));
        Pods pods = queue.pods(folder, Map.of());
        try (ParallelJob job = new ParallelJob("producer", template, pods)) {
            do {
                job.tick();
            } while (!job.isComplete() && !job.hasFailed() && Demo.pause());
            return job.isComplete();
        }
    }

    private PodTemplate withSeconds(PodTemplate pod) {
        List<String> args = List.of("send", "1", Integer.toString(options.seconds()));
        return new PodTemplate(
                pod.container(), pod.image(), pod.command(), args, pod.env(), pod.terminationGracePeriod());
    }

    private HelloReport watch(Deployment deployment, HelloQueue queue, HelloAudience audience, Progress progress)
            throws SQLException {
        int greetings = producer.completions();
        int maxWorkers = scaledObject.maxReplicaCount();
        HelloReaper reaper = new HelloReaper(options.kill(), deployment, progress::news);
        long began = System.nanoTime();
        Duration patience = Duration.ofMinutes(3).plusSeconds((long) greetings * options.seconds());
        Duration elapsed;
        do {
            deployment.tick();
            reaper.tick();
            elapsed = Duration.ofNanos(System.nanoTime() - began);
            int noted = audience.count().noted();
            progress.show(HelloScene.now(deployment, noted, greetings, maxWorkers, reaper.killed(), elapsed));
        } while (!deployment.isAtRest() && elapsed.compareTo(patience) < 0 && Demo.pause());
        return new HelloReport(
                options,
                greetings,
                maxWorkers,
                audience.count(),
                queue.messages(),
                deployment,
                reaper.killed(),
                elapsed);
    }
}
