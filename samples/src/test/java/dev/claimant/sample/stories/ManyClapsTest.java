package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Job;
import dev.claimant.sample.cluster.Pod;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ManyClapsTest extends Story {

    @Test
    void sixtyClapsAreMadeOnceEachByJobsOfOneClapAndNeverMoreThanTenAtOnce() throws SQLException {
        database.send(60, 0);

        try (Cluster cluster = cluster(Map.of())) {
            waitUntil("all is done", () -> {
                cluster.tick();
                return cluster.isIdle();
            });

            assertThat(cluster.peak()).isEqualTo(10);
            assertThat(cluster.jobs()).allMatch(Job::isComplete);
            assertThat(cluster.pods()).extracting(Pod::exitCode).containsOnly(OptionalInt.of(0));
        }
        assertThat(database.rows("SELECT status, iteration, count(*) FROM clap GROUP BY 1, 2"))
                .containsExactly("SUCCESS 1 60");
        assertThat(database.rows("SELECT event, count(*), count(DISTINCT id) FROM clap_log GROUP BY 1 ORDER BY 1"))
                .isEqualTo(List.of("BEGUN 60 60", "SUCCESS 60 60"));
    }
}
