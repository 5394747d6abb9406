package dev.claimant.sample;

import dev.claimant.Backlog;
import dev.claimant.ConfigurationException;
import dev.claimant.JobResult;
import dev.claimant.Worker;
import dev.claimant.sample.kubernetes.PodDeletionCost;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each command does; the answer is the exit code. */
final class Commands {

    private static final Logger log = LoggerFactory.getLogger("claimant-sample");

    private final Settings settings;
    private final Work work;
    private final PrintStream out;

    Commands(Settings settings, PrintStream out) {
        this.settings = settings;
        this.work = settings.work();
        this.out = out;
    }

    int worker() {
        try (Source source = source();
                Worker worker = settings.measuredWorkerOn(source);
                PodDeletionCost cost = deletionCost(worker)) {
            worker.run();
        }
        return JobResult.DONE;
    }

    /** Absent where it is not asked for, and where this is no pod: that is no reason not to work. */
    private @Nullable PodDeletionCost deletionCost(Worker worker) {
        if (!settings.podDeletionCost()) {
            return null;
        }
        try {
            return PodDeletionCost.start(System.getenv(), () -> worker.stats().held() > 0);
        } catch (IOException e) {
            log.warn("CLAIMANT_POD_DELETION_COST: {}", e.getMessage());
            return null;
        }
    }

    int job() {
        work.hasten();
        try (Source source = source();
                Worker worker = settings.workerOn(source)) {
            JobResult result = worker.runJob(settings.job());
            log.info("{}", result.toJson());
            return result.exitCode();
        }
    }

    int send(int messages, int seconds) throws SQLException, IOException {
        work.send(messages, seconds);
        return JobResult.DONE;
    }

    int backlog() {
        try (Source source = work.source()) {
            Backlog backlog = source.backlog();
            out.println("scaler=" + backlog.scaler() + (backlog.capped() ? " or more" : "") + " ready="
                    + text(backlog.ready()) + " inFlight=" + text(backlog.inFlight()) + " delayed="
                    + text(backlog.delayed()) + " dead=" + text(backlog.dead()));
            return JobResult.DONE;
        }
    }

    int scalingQuery() {
        out.println(work.scalingQuery());
        return JobResult.DONE;
    }

    int dead(Arguments arguments) {
        try {
            work.dead(arguments, out);
        } catch (ConfigurationException e) {
            throw work.variables().of(e);
        }
        return JobResult.DONE;
    }

    private Source source() {
        return work.variables().on(work.source());
    }

    int migrate() throws SQLException, IOException {
        try {
            work.migrate();
        } catch (ConfigurationException e) {
            throw work.variables().of(e);
        }
        return JobResult.DONE;
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "unknown";
    }
}
