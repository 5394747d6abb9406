package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.keda.PodTemplate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shipped CronJob, by the login that its Secret names. */
class OldDeadLettersTest extends Story {

    private static final PodTemplate PURGE =
            PodTemplate.read(Path.of("..", "deploy", "postgres", "dead-letters", "cronjob.yaml"), "CronJob");

    @Test
    void whatWasGivenUpMoreThanAMonthAgoIsRemovedAndNothingElse() throws Exception {
        database.giveUp(3);
        diedDaysAgo(1, 31);
        diedDaysAgo(2, 29);

        Pod purge = pod(PURGE, "purge", Map.of());

        assertThat(purge.awaitExit(Duration.ofMinutes(1))).as(purge.log()).isZero();
        assertThat(purge.log()).contains("purged=1");
        assertThat(database.rows("SELECT key FROM claimant.dead ORDER BY key")).containsExactly("2", "3");
        assertThat(database.scaler().read().value()).isZero();
    }

    private void diedDaysAgo(int clap, int days) {
        database.execute("UPDATE claimant.dead SET dead_at = dead_at - interval '%d days' WHERE key = '%d'"
                .formatted(days, clap));
    }
}
