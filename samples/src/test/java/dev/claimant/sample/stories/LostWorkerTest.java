package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.Job;
import dev.claimant.sample.cluster.Pod;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LostWorkerTest extends Story {

    private static final Map<String, String> SHORT_LOCK = Map.of("CLAIMANT_LOCK_SECONDS", "3");

    @Test
    void theNextPodOfAJobWhoseWorkerWasKilledTakesTheClapOverWithoutWaitingForItsLock() throws SQLException {
        database.send(1, 2);

        Job job = job("job", Map.of("CLAIMANT_LOCK_SECONDS", "3600"));
        awaitBegun(1, "job-1");
        job.pods().get(0).kill();
        awaitEnd(job);

        assertThat(exitCodes(job)).containsExactly(137, 0);
        assertThat(begun(1)).containsExactly("job-1", "job-2");
        assertThat(database.value("SELECT status || ' ' || iteration FROM clap"))
                .isEqualTo("SUCCESS 2");
    }

    @Test
    void theClapOfAKilledWorkerThatNobodyFollowsReturnsWhenItsLockEndsAndAnotherFinishesIt() throws SQLException {
        database.send(1, 2);

        Pod killed = pod("killed", SHORT_LOCK);
        awaitBegun(1, "killed");
        killed.kill();
        workerPod("other", SHORT_LOCK);
        waitUntil("the clap is made", () -> status(1).equals("SUCCESS"));

        assertThat(begun(1)).containsExactly("killed", "other");
        assertThat(database.number("""
                SELECT (extract(epoch FROM max(at) - min(at)) * 1000)::integer FROM clap_log WHERE event = 'BEGUN'"""))
                .as("milliseconds between the two; the first began a moment after its lock did")
                .isGreaterThan(1500);
    }

    @Test
    void aWorkerThatWasPausedBeyondItsLockChangesNothingWhenItWakes() throws Exception {
        database.send(1, 2);

        Pod paused = pod("paused", SHORT_LOCK);
        awaitBegun(1, "paused");
        paused.pause();
        Pod other = pod("other", Map.of("CLAIMANT_LOCK_SECONDS", "3", "CLAIMANT_IDLE_TIMEOUT_SECONDS", "60"));
        assertThat(other.awaitExit(Duration.ofSeconds(90))).isZero();
        List<String> before = database.rows("SELECT * FROM clap");
        paused.unpause();

        assertThat(paused.awaitExit(Duration.ofSeconds(60))).isEqualTo(75);
        assertThat(paused.terminationMessage()).contains("\"completed\":0").contains("\"lost\":1");
        assertThat(database.rows("SELECT * FROM clap")).isEqualTo(before);
        assertThat(status(1)).isEqualTo("SUCCESS");
        assertThat(database.number("SELECT count(*) FROM claimant.message WHERE state <> 'done'"))
                .isZero();
    }
}
