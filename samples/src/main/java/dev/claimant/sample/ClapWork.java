package dev.claimant.sample;

import dev.claimant.Handler;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.sample.clap.ClapHandler;
import dev.claimant.sample.clap.ClapTables;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Claps that a table of the application asks for. */
final class ClapWork implements Work {

    private static final int DAY = 86_400;
    private static final String LOCK = "CLAIMANT_LOCK_SECONDS";
    private static final String CONNECT = "PGCONNECT_TIMEOUT";

    static final VariableNames VARIABLES =
            new VariableNames(Map.of("dataSource", "PGHOST", "lockLength", LOCK, "connectTimeout", CONNECT));

    private final Postgres postgres;
    private final Duration lockLength;
    private final Duration connectTimeout;
    private final String worker;
    private final ConnectedAhead dataSource;

    private ClapWork(Postgres postgres, Duration lockLength, Duration connectTimeout, String worker) {
        this.postgres = postgres;
        this.lockLength = lockLength;
        this.connectTimeout = connectTimeout;
        this.worker = worker;
        this.dataSource = postgres.dataSource();
    }

    /** Problems go into the environment's list. */
    static ClapWork read(Environment env, String worker) {
        Postgres postgres = Postgres.read(env);
        return new ClapWork(
                postgres,
                env.seconds(LOCK, 1, DAY, Duration.ofSeconds(30)),
                env.seconds(CONNECT, 1, 600, Duration.ofSeconds(60)),
                worker);
    }

    Postgres postgres() {
        return postgres;
    }

    Duration lockLength() {
        return lockLength;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    @Override
    public PostgresSource source() {
        return ClapTables.source(dataSource, lockLength, connectTimeout);
    }

    @Override
    public Handler handler() {
        return new ClapHandler(dataSource, worker);
    }

    @Override
    public VariableNames variables() {
        return VARIABLES;
    }

    @Override
    public void send(int messages, int seconds) throws SQLException {
        ClapTables.send(dataSource, messages, seconds);
    }

    @Override
    public void migrate() throws SQLException {
        ClapTables.migrate(dataSource);
    }

    @Override
    public String scalingQuery() {
        try (PostgresSource source = source()) {
            return source.scalingQuery();
        }
    }

    @Override
    public void dead(Arguments arguments, PrintStream out) {
        new DeadCommand(ClapTables.deadLetters(dataSource), out).run(arguments);
    }

    @Override
    public void hasten() {
        dataSource.connectAhead();
    }
}
