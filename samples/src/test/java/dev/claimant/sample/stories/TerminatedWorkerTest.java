package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.Pod;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminatedWorkerTest extends Story {

    private static final Duration EXIT = Duration.ofSeconds(60);
    private static final Map<String, String> IMPATIENT =
            Map.of("CLAIMANT_DRAIN_TIMEOUT_SECONDS", "1", "CLAIMANT_LOCK_SECONDS", "3600");

    @Test
    void aJobThatIsTerminatedInTheMiddleOfAClapFinishesItWithinItsGrace() throws Exception {
        database.send(1, 3);

        Pod pod = pod("pod", Map.of());
        awaitBegun(1, "pod");
        pod.terminate();

        assertThat(pod.awaitExit(EXIT)).isZero();
        assertThat(status(1)).isEqualTo("SUCCESS");
        assertThat(pod.terminationMessage()).contains("\"exitCode\":0").contains("\"completed\":1");
    }

    @Test
    void aJobThatIsTerminatedTooEarlyForItsClapHandsItBackAndExits143() throws Exception {
        database.send(1, 600);

        Pod pod = pod("pod", IMPATIENT);
        awaitBegun(1, "pod");
        pod.terminate();

        assertThat(pod.awaitExit(EXIT)).isEqualTo(143);
        assertThat(pod.terminationMessage()).contains("\"exitCode\":143").contains("\"released\":1");
        assertIsClaimableAtOnceAndLostNoAttempt();
    }

    @Test
    void aWorkerOfADeploymentThatIsTerminatedFinishesAllItsClapsWithinItsGrace() throws Exception {
        database.send(3, 3);

        Pod pod = workerPod("pod", Map.of());
        awaitBegun(1, "pod");
        awaitBegun(3, "pod");
        pod.terminate();

        assertThat(pod.awaitExit(EXIT)).isZero();
        assertThat(database.number("SELECT count(*) FROM clap WHERE status = 'SUCCESS'"))
                .isEqualTo(3);
    }

    @Test
    void aWorkerOfADeploymentThatIsTerminatedTooEarlyHandsItsClapBackAndExits143() throws Exception {
        database.send(1, 600);

        Pod pod = workerPod("pod", IMPATIENT);
        awaitBegun(1, "pod");
        pod.terminate();

        assertThat(pod.awaitExit(EXIT)).isEqualTo(143);
        assertIsClaimableAtOnceAndLostNoAttempt();
    }

    private void assertIsClaimableAtOnceAndLostNoAttempt() throws SQLException {
        try (var source = database.source(Duration.ofSeconds(30))) {
            assertThat(source.backlog().ready()).hasValue(1);
        }
        database.execute("UPDATE make_it_clap SET duration_seconds = 0");
        Pod next = pod("next", Map.of());
        waitUntil("the next worker has made it", () -> status(1).equals("SUCCESS"));
        assertThat(begun(1)).containsExactly("pod", next.name());
        assertThat(database.number("SELECT iteration FROM clap")).isEqualTo(1);
    }
}
