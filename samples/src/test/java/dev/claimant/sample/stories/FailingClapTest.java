package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.ClapDatabase;
import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Job;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.keda.Reading;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The database refuses a SUCCESS, so that the work itself fails, whoever does it. */
class FailingClapTest extends Story {

    private static final String REFUSAL = """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'these hands hurt'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON clap FOR EACH ROW
                WHEN (NEW.id = 1 AND NEW.status = 'SUCCESS' AND %s) EXECUTE FUNCTION refuse()""";

    @Test
    void aClapThatFailsThreeTimesIsMadeByTheFourthPodOfItsJobAndTouchedByNoOther() throws Exception {
        database.execute(REFUSAL.formatted("NEW.iteration < 4"));
        database.send(4, 0);

        Job first = job("first", Map.of());
        awaitBegun(1, "first-1");
        List<Job> others = List.of(job("second", Map.of()), job("third", Map.of()), job("fourth", Map.of()));
        others.forEach(Story::awaitEnd);
        Pod oneTooMany = pod("one-too-many", Map.of("CLAIMANT_IDLE_TIMEOUT_SECONDS", "1"));
        awaitEnd(first);

        assertThat(exitCodes(first)).containsExactly(1, 1, 1, 0);
        assertThat(begun(1)).containsExactly("first-1", "first-2", "first-3", "first-4");
        assertThat(database.value("SELECT status || ' ' || iteration FROM clap WHERE id = 1"))
                .isEqualTo("SUCCESS 4");
        assertThat(others).allSatisfy(job -> assertThat(exitCodes(job)).containsExactly(0));
        assertThat(database.number("SELECT count(*) FROM clap WHERE status = 'SUCCESS'"))
                .isEqualTo(4);
        waitUntil("the pod without work has ended", () -> !oneTooMany.isRunning());
        assertThat(oneTooMany.exitCode()).isEqualTo(OptionalInt.of(0));
        assertThat(oneTooMany.terminationMessage()).contains("\"claimed\":0");
    }

    @Test
    void aClapThatAlwaysFailsIsGivenUpWithItsLastErrorAndScalingEnds() throws Exception {
        database.execute(REFUSAL.formatted("true"));
        database.send(1, 0);

        try (Cluster cluster = cluster(Map.of())) {
            runToTheEnd(cluster);

            assertThat(cluster.jobs())
                    .singleElement()
                    .satisfies(job -> assertThat(exitCodes(job)).containsExactly(1, 1, 1, 0));
        }
        assertThat(database.rows("SELECT key, attempts FROM claimant.dead")).containsExactly("1 4");
        assertThat(database.value("SELECT reason FROM claimant.dead")).contains("these hands hurt");
        assertThat(database.value("SELECT error FROM claimant.dead")).contains("these hands hurt");
        assertThat(status(1)).isEqualTo("FAILED");
        assertNothingMoreWouldStart();
    }

    @Test
    void aClapWhoseWorkerIsKilledEveryTimeIsGivenUpWithoutBeingTriedAgainAndScalingEnds() throws Exception {
        database.send(1, 600);

        try (Cluster cluster = cluster(Map.of("CLAIMANT_LOCK_SECONDS", "2", "CLAIMANT_IDLE_TIMEOUT_SECONDS", "1"))) {
            waitUntil("nothing is left to do", () -> {
                cluster.tick();
                killWhoeverClaps(cluster);
                return cluster.isIdle();
            });

            Job first = cluster.jobs().get(0);
            assertThat(exitCodes(first)).containsExactly(137, 137, 137, 137);
            assertThat(first.isComplete()).isFalse();
            assertThat(cluster.jobs().stream().skip(1)).isNotEmpty().allMatch(Job::isComplete);
        }
        assertThat(begun(1)).containsExactly("clap-1-1", "clap-1-2", "clap-1-3", "clap-1-4");
        assertThat(database.value("SELECT reason FROM claimant.dead")).contains("gave up before attempt 5");
        assertNothingMoreWouldStart();
    }

    private void killWhoeverClaps(Cluster cluster) {
        List<String> begun = begun(1);
        cluster.pods().stream().filter(pod -> begun.contains(pod.name())).forEach(Pod::kill);
    }

    private static void runToTheEnd(Cluster cluster) {
        waitUntil("nothing is left to do", () -> {
            cluster.tick();
            return cluster.isIdle();
        });
    }

    private void assertNothingMoreWouldStart() throws Exception {
        try (var scaler = database.scaler()) {
            Reading reading = scaler.read();
            assertThat(reading.value()).isZero();
            assertThat(ClapDatabase.SCALED_JOB.jobsToCreate(List.of(reading), 0, 0))
                    .isZero();
        }
    }
}
