package dev.claimant.benchmarks.postgres;

import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.benchmarks.harness.Workload;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.gson.GsonJsonMapper;

/** JobRunr, on the tables that it makes itself. */
final class JobRunrContender implements Contender {

    private final Database database;
    private final JobRequestScheduler jobs;

    JobRunrContender(Database database) {
        this.database = database;
        PostgresStorageProvider storage = new PostgresStorageProvider(database.dataSource);
        storage.setJobMapper(new JobMapper(new GsonJsonMapper()));
        jobs = new JobRequestScheduler(storage, List.of());
    }

    @Override
    public String name() {
        return "jobrunr";
    }

    @Override
    public Class<? extends Program> program() {
        return JobRunrProgram.class;
    }

    @Override
    public List<String> libraries() {
        return List.of("jobrunr-", "gson-", "asm-", "HikariCP-", "postgresql-", "slf4j-api-", "slf4j-simple-");
    }

    @Override
    public Map<String, String> environment() {
        return database.environment();
    }

    @Override
    public int messages(Workload workload) {
        return switch (workload) {
            case NOOP -> 6_000;
            case TEN_MILLIS -> 4_000;
            case LATENCY -> 250;
            case COLD, COLD_ARCHIVE -> 1;
        };
    }

    @Override
    public void fill(int messages) {
        database.execute("TRUNCATE jobrunr_jobs, jobrunr_backgroundjobservers");
        database.execute("CHECKPOINT");
        jobs.enqueue(IntStream.range(0, messages).mapToObj(JobRunrMessage::new));
        database.execute("VACUUM ANALYZE jobrunr_jobs");
    }

    @Override
    public void send(int number, Runnable committed) {
        jobs.enqueue(new JobRunrMessage(number));
        committed.run();
    }

    @Override
    public long left() {
        return database.number("SELECT count(*) FROM jobrunr_jobs WHERE state <> 'SUCCEEDED'");
    }
}
