package dev.claimant.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.ClapDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ClapAudienceTest {

    private final ClapDatabase database = new ClapDatabase();

    ClapAudienceTest() throws SQLException {}

    @Test
    void aClapWhoseSecondEndCameTooLateAndChangedNothingIsNotDoubled() throws SQLException {
        log("SUCCESS", "SUCCESS TOO LATE");
        assertThat(doubled()).isZero();
    }

    @Test
    void aClapThatEndedTwiceIsDoubled() throws SQLException {
        log("SUCCESS", "SUCCESS");
        assertThat(doubled()).isOne();
    }

    private void log(String... events) {
        for (String event : events) {
            database.execute("INSERT INTO clap_log (id, session_id, event, worker, iteration) VALUES (7, 1, '" + event
                    + "', 'w', 1)");
        }
    }

    private int doubled() throws SQLException {
        try (ClapAudience audience = new ClapAudience(database.superuser())) {
            return audience.count().doubled();
        }
    }
}
