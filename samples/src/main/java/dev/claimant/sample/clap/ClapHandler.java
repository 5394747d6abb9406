package dev.claimant.sample.clap;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.PermanentFailure;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one clap: says that it is RUNNING, claps for as long as was asked, says that it was a SUCCESS. The claim's fencing number is
 * the session: a worker that has lost its lock without noticing finds a later session in the row and changes nothing.
 */
public final class ClapHandler implements Handler {

    private static final Logger log = LoggerFactory.getLogger(ClapHandler.class);

    private final ClapSessions sessions;

    /**
     * Works on the application's tables.
     *
     * @param worker its name in the log of claps
     */
    public ClapHandler(DataSource dataSource, String worker) {
        this.sessions = new ClapSessions(dataSource, worker);
    }

    @Override
    public void handle(Claim claim) throws PermanentFailure, SQLException, InterruptedException {
        ClapSession session = new ClapSession(
                Long.parseLong(claim.id()), claim.fencingNumber().orElseThrow(), claim.attempt());
        ClapSessions.Beginning beginning = sessions.begin(session);
        switch (beginning.outcome()) {
            case WITHDRAWN -> log.info("{}: nobody asks for it any more", session);
            case DONE_BEFORE -> log.info("{}: it was made before", session);
            case OVERTAKEN -> throw new IllegalStateException(session + " was overtaken by a later one");
            case BEGUN -> clap(session, beginning.seconds());
        }
    }

    private void clap(ClapSession session, int seconds) throws PermanentFailure, SQLException, InterruptedException {
        try {
            if (seconds < 0) {
                throw new PermanentFailure("nobody can clap for " + seconds + " seconds");
            }
            Thread.sleep(Duration.ofSeconds(seconds).toMillis());
            if (!sessions.succeed(session)) {
                throw new IllegalStateException(session + " ended after a later one had begun");
            }
        } catch (PermanentFailure | SQLException e) {
            noteFailure(session, e);
            throw e;
        }
    }

    private void noteFailure(ClapSession session, Exception failure) {
        try {
            sessions.fail(session);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
