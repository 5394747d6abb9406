package dev.claimant.sample.local;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.Scalers;
import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Deployment;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.demo.Progress;
import dev.claimant.sample.keda.PodTemplate;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code claimant-sample local -f FILE}. */
public final class LocalCommand {

    private static final long LAST_MOMENTS_SECONDS = 5;

    private LocalCommand() {}

    /**
     * Runs the manifest; returns the exit code.
     *
     * @param caller the environment, which says where the source is
     */
    public static int run(Arguments arguments, Map<String, String> caller, PrintStream out)
            throws IOException, SQLException {
        LocalOptions options = LocalOptions.read(arguments);
        LocalManifest manifest = LocalManifest.read(options.manifest());
        PodTemplate pod = LocalEnvironment.resolved(manifest.pod(), caller);
        Path folder = Files.createTempDirectory("claimant-local");
        try (Scaler scaler = Scalers.of(manifest.trigger(), LocalEnvironment.literals(pod.env()))) {
            out.println("KEDA, played " + options.pace().factor() + " times as fast, follows " + options.manifest()
                    + "; fallback is not played. What the pods say is in " + folder);
            Progress progress = options.plain() ? Progress.lines(out) : Progress.picture(out);
            Pods pods = new Pods(Map.of(), Map.of("CLAIMANT_MANAGEMENT_PORT", "0"), folder);
            try (Workload workload = workload(manifest, pod, scaler, pods, options, progress)) {
                return play(new LocalRun(manifest, workload, progress), manifest, options.untilIdle(), out);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static Workload workload(
            LocalManifest manifest,
            PodTemplate pod,
            Scaler scaler,
            Pods pods,
            LocalOptions options,
            Progress progress) {
        if (manifest.scaledJob() != null) {
            return Workload.of(
                    new Cluster(manifest.scaledJob().withPod(pod), scaler, pods, options.pace(), progress::news));
        }
        return Workload.of(new Deployment(
                Objects.requireNonNull(manifest.scaledObject()),
                pod,
                List.of(scaler),
                pods,
                options.pace(),
                progress::news));
    }

    /** SIGINT and SIGTERM stop it: the pods get theirs, and this process stays until they have ended. */
    private static int play(LocalRun run, LocalManifest manifest, boolean untilIdle, PrintStream out)
            throws InterruptedException {
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            stopping.countDown();
            try {
                ended.await(
                        manifest.pod().terminationGracePeriod().toSeconds() + LAST_MOMENTS_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            run.run(untilIdle, () -> stopping.getCount() == 0);
            run.stop();
            run.print(out);
            return 0;
        } finally {
            ended.countDown();
        }
    }
}
