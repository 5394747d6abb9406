package dev.claimant.benchmarks.postgres;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Its fastest way to poll: lock and fetch in one statement, up to four times as many as there are threads. */
public final class DbSchedulerProgram implements Program {

    static final String TASK = "bench";

    private static final double REFILL_BELOW = 1.0;
    private static final double REFILL_TO = 4.0;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    @Override
    public AutoCloseable start(Duty duty) {
        HikariDataSource dataSource = Pool.open();
        OneTimeTask<byte[]> task = Tasks.oneTime(TASK, byte[].class).execute((instance, context) -> {
            try {
                duty.handle(ByteBuffer.wrap(instance.getData()).getInt());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
        Scheduler scheduler = Scheduler.create(dataSource, task)
                .threads(duty.slots())
                .serializer(new PlainBytes())
                .pollUsingLockAndFetch(REFILL_BELOW, REFILL_TO)
                .pollingInterval(POLL_INTERVAL)
                .build();
        scheduler.start();
        return () -> {
            scheduler.stop();
            dataSource.close();
        };
    }
}
