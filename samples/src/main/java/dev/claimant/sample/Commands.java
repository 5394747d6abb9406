package dev.claimant.sample;

import dev.claimant.Backlog;
import dev.claimant.JobResult;
import dev.claimant.Worker;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.sample.clap.ClapHandler;
import dev.claimant.sample.clap.ClapTables;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each command does; the answer is the exit code. */
final class Commands {

    private static final Logger log = LoggerFactory.getLogger("claimant-sample");

    private final Settings settings;
    private final ConnectedAhead dataSource;
    private final PrintStream out;

    Commands(Settings settings, PrintStream out) {
        this.settings = settings;
        this.dataSource = settings.postgres().dataSource();
        this.out = out;
    }

    int worker() {
        try (PostgresSource source = source();
                Worker worker = worker(source)) {
            worker.run();
        }
        return JobResult.DONE;
    }

    int job() {
        dataSource.connectAhead();
        try (PostgresSource source = source();
                Worker worker = worker(source)) {
            JobResult result = worker.runJob(settings.job());
            log.info("{}", result.toJson());
            return result.exitCode();
        }
    }

    int send(int claps, int seconds) throws SQLException {
        ClapTables.send(dataSource, claps, seconds);
        return JobResult.DONE;
    }

    int backlog() {
        try (PostgresSource source = source()) {
            Backlog backlog = source.backlog();
            out.println("scaler=" + backlog.scaler() + (backlog.capped() ? " or more" : "") + " ready="
                    + text(backlog.ready()) + " inFlight=" + text(backlog.inFlight()) + " delayed="
                    + text(backlog.delayed()) + " dead=" + text(backlog.dead()));
            return JobResult.DONE;
        }
    }

    int scalingQuery() {
        try (PostgresSource source = source()) {
            out.println(source.scalingQuery());
            return JobResult.DONE;
        }
    }

    int migrate() throws SQLException {
        ClapTables.migrate(dataSource);
        return JobResult.DONE;
    }

    private PostgresSource source() {
        return ClapTables.source(dataSource, settings.lockLength());
    }

    private Worker worker(PostgresSource source) {
        return settings.workerOn(source, new ClapHandler(dataSource, settings.name()));
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "unknown";
    }
}
