package dev.claimant.benchmarks.postgres;

import java.util.List;
import java.util.stream.IntStream;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.gson.GsonJsonMapper;

/** JobRunr, on the tables that it makes itself. */
final class JobRunrContender extends PostgresContender {

    private final JobRequestScheduler jobs;

    JobRunrContender(Database database) {
        super(
                database,
                "jobrunr",
                JobRunrProgram.class,
                List.of("jobrunr-", "gson-", "asm-", "HikariCP-", "postgresql-", "slf4j-api-", "slf4j-simple-"),
                6_000,
                4_000);
        PostgresStorageProvider storage = new PostgresStorageProvider(database.dataSource);
        storage.setJobMapper(new JobMapper(new GsonJsonMapper()));
        jobs = new JobRequestScheduler(storage, List.of());
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
