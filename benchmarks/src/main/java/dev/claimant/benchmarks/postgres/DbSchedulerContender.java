package dev.claimant.benchmarks.postgres;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** db-scheduler, on the table and the indexes that its documentation gives. */
final class DbSchedulerContender extends PostgresContender {

    private final SchedulerClient client;

    DbSchedulerContender(Database database) {
        super(
                database,
                "db-scheduler",
                DbSchedulerProgram.class,
                List.of("db-scheduler-", "HikariCP-", "postgresql-", "slf4j-api-", "slf4j-simple-"),
                20_000,
                10_000);
        database.execute("""
                CREATE TABLE scheduled_tasks (
                    task_name text NOT NULL,
                    task_instance text NOT NULL,
                    task_data bytea,
                    execution_time timestamptz NOT NULL,
                    picked boolean NOT NULL,
                    picked_by text,
                    last_success timestamptz,
                    last_failure timestamptz,
                    consecutive_failures int,
                    last_heartbeat timestamptz,
                    version bigint NOT NULL,
                    priority smallint,
                    PRIMARY KEY (task_name, task_instance));
                CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
                CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)""");
        client = SchedulerClient.Builder.create(database.dataSource)
                .serializer(new PlainBytes())
                .build();
    }

    @Override
    public void fill(int messages) {
        database.fill(
                "scheduled_tasks",
                "INSERT INTO scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version) SELECT '"
                        + DbSchedulerProgram.TASK + "', i::text, " + Database.BODY
                        + ", now(), false, 1 FROM generate_series(0, ?) i",
                messages);
    }

    @Override
    public void send(int number, Runnable committed) {
        byte[] body = ByteBuffer.allocate(200).putInt(number).array();
        client.scheduleIfNotExists(
                new TaskInstance<>(DbSchedulerProgram.TASK, Integer.toString(number), body), Instant.now());
        committed.run();
    }

    @Override
    public long left() {
        return database.number("SELECT count(*) FROM scheduled_tasks");
    }
}
