package dev.claimant.sample.stories;

import static org.awaitility.Awaitility.await;

import dev.claimant.sample.ClapDatabase;
import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Job;
import dev.claimant.sample.cluster.Pace;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.keda.PodTemplate;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What all stories have: a database, pods as the shipped manifest describes them, and the patience to wait for what must happen. */
abstract class Story {

    /** For KEDA and the Job controller: back-offs of 10, 20 and 40 seconds are half a second, one and two. */
    static final Pace PACE = new Pace(20);

    static final PodTemplate JOB_POD = ClapDatabase.SCALED_JOB.job().pod();

    private static final Duration PATIENCE = Duration.ofSeconds(160);

    @TempDir
    Path folder;

    ClapDatabase database;

    private final List<Pod> pods = new ArrayList<>();
    private final List<Job> jobs = new ArrayList<>();

    @BeforeEach
    void createDatabase() throws SQLException {
        database = new ClapDatabase();
    }

    @AfterEach
    void killWhatIsLeft() {
        pods.forEach(Pod::kill);
        jobs.forEach(job -> job.pods().forEach(Pod::kill));
    }

    /** A pod on its own: when it is gone, nobody follows it. */
    Pod pod(String name, Map<String, String> overrides) {
        return pod(JOB_POD, name, overrides);
    }

    /** A pod of a Deployment. */
    Pod workerPod(String name, Map<String, String> overrides) {
        PodTemplate template = new PodTemplate(
                JOB_POD.container(),
                JOB_POD.image(),
                JOB_POD.command(),
                List.of("worker"),
                JOB_POD.env(),
                JOB_POD.terminationGracePeriod());
        return pod(template, name, overrides);
    }

    Pod pod(PodTemplate template, String name, Map<String, String> overrides) {
        Pod pod = database.pods(folder, overrides).start(template, name, name);
        pods.add(pod);
        return pod;
    }

    /** A Job as the shipped manifest describes it. */
    Job job(String name, Map<String, String> overrides) {
        Pods itsPods = database.pods(folder, overrides);
        Job job = new Job(name, ClapDatabase.SCALED_JOB.job(), itsPods, PACE, news -> {});
        jobs.add(job);
        return job;
    }

    Cluster cluster(Map<String, String> overrides) throws SQLException {
        return new Cluster(
                ClapDatabase.SCALED_JOB, database.scaler(), database.pods(folder, overrides), PACE, news -> {});
    }

    static void awaitEnd(Job job) {
        waitUntil(job.name() + " has ended", () -> {
            job.tick();
            return job.isFinished();
        });
    }

    void awaitBegun(int clap, String pod) {
        waitUntil(pod + " has begun clap " + clap, () -> begun(clap).contains(pod));
    }

    /** Who has begun the clap, first to last. */
    List<String> begun(int clap) {
        return database.rows("SELECT worker FROM clap_log WHERE id = " + clap + " AND event = 'BEGUN' ORDER BY at");
    }

    String status(int clap) {
        return database.value("SELECT coalesce((SELECT status FROM clap WHERE id = " + clap + "), 'none')");
    }

    static void waitUntil(String what, Callable<Boolean> condition) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    static List<Integer> exitCodes(Job job) {
        return job.pods().stream().map(pod -> pod.exitCode().orElseThrow()).toList();
    }
}
