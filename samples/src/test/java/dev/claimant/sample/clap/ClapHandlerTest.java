package dev.claimant.sample.clap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.PermanentFailure;
import dev.claimant.sample.ClapDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClapHandlerTest {

    private ClapDatabase database;
    private ClapHandler handler;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = new ClapDatabase();
        database.send(1, 0);
        handler = new ClapHandler(database.worker(), "pod");
    }

    @Test
    void aClapIsMadeAndEveryStepIsLogged() throws Exception {
        handler.handle(claim(1, 7));

        assertThat(clap()).isEqualTo("SUCCESS 7 1");
        assertThat(log()).isEqualTo("BEGUN 7, SUCCESS 7");
    }

    @Test
    void aClapThatWasMadeBeforeIsNotMadeAgain() throws Exception {
        handler.handle(claim(1, 7));
        handler.handle(claim(2, 8));

        assertThat(clap()).isEqualTo("SUCCESS 7 1");
        assertThat(log()).isEqualTo("BEGUN 7, SUCCESS 7");
    }

    @Test
    void aSessionThatComesAfterALaterOneChangesNothing() {
        running(9);

        assertThatThrownBy(() -> handler.handle(claim(1, 8))).hasMessageContaining("overtaken");
        assertThat(clap()).isEqualTo("RUNNING 9 2");
        assertThat(log()).isEmpty();
    }

    @Test
    void aSessionThatEndsAfterALaterOneHasBegunChangesNothingButTheLog() throws Exception {
        database.execute("CREATE FUNCTION overtake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " UPDATE clap SET session_id = 9, iteration = 2; RETURN NULL; END $$;"
                + " CREATE TRIGGER overtake AFTER INSERT ON clap EXECUTE FUNCTION overtake()");

        assertThatThrownBy(() -> handler.handle(claim(1, 8))).hasMessageContaining("after a later one had begun");
        assertThat(clap()).isEqualTo("RUNNING 9 2");
        assertThat(log()).isEqualTo("BEGUN 8, SUCCESS TOO LATE 8");
    }

    @Test
    void aClapThatNobodyAsksForAnyMoreIsNotMade() throws Exception {
        database.execute("DELETE FROM make_it_clap");

        handler.handle(claim(1, 7));

        assertThat(log()).isEmpty();
    }

    @Test
    void aClapThatNobodyCanMakeFailsForGood() {
        database.execute("UPDATE make_it_clap SET duration_seconds = -1");

        assertThatThrownBy(() -> handler.handle(claim(1, 7)))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage("nobody can clap for -1 seconds");
        assertThat(clap()).isEqualTo("FAILED 7 1");
    }

    private void running(int session) {
        database.execute("INSERT INTO clap VALUES (1, 'RUNNING', " + session + ", current_date, localtime, NULL, 2)");
    }

    private String clap() {
        return database.value("SELECT status, session_id, iteration FROM clap");
    }

    private String log() {
        return database.value(
                "SELECT coalesce(string_agg(event || ' ' || session_id, ', ' ORDER BY at), '') FROM clap_log");
    }

    private static Claim claim(int attempt, long fencingNumber) {
        return new Claim(Message.of("1", "{}"), attempt, attempt, 0, Long.MAX_VALUE, fencingNumber);
    }
}
