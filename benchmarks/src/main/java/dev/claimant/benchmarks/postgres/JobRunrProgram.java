package dev.claimant.benchmarks.postgres;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import com.zaxxer.hikari.HikariDataSource;
import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import java.time.Duration;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.gson.GsonJsonMapper;

/** A background job server that polls as often as it may. */
public final class JobRunrProgram implements Program {

    private static final Duration SHORTEST_POLL_INTERVAL = Duration.ofSeconds(5);

    @Override
    public AutoCloseable start(Duty duty) {
        HikariDataSource dataSource = Pool.open();
        JobRunrMessage.Handler handler = new JobRunrMessage.Handler(duty);
        JobRunr.configure()
                .useJsonMapper(new GsonJsonMapper())
                .useStorageProvider(new PostgresStorageProvider(dataSource))
                .useJobActivator(new JobActivator() {
                    @Override
                    public <T> T activateJob(Class<T> type) {
                        return type.cast(handler);
                    }
                })
                .useBackgroundJobServer(usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(duty.slots())
                        .andPollInterval(SHORTEST_POLL_INTERVAL))
                .initialize();
        return () -> {
            JobRunr.destroy();
            dataSource.close();
        };
    }
}
