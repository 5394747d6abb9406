package dev.claimant.benchmarks.postgres;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.postgres.PostgresSource;
import java.nio.ByteBuffer;
import org.postgresql.ds.PGSimpleDataSource;

/** A worker as the README builds it. */
public class ClaimantProgram implements Program {

    @Override
    public AutoCloseable start(Duty duty) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(System.getenv(Database.URL_VARIABLE));
        PostgresSource source = PostgresSource.queue(dataSource, ClaimantContender.QUEUE);
        Worker worker = tune(Worker.builder(source).slots(duty.slots()))
                .handler(new Handler() {
                    @Override
                    public void handle(Claim claim) throws InterruptedException {
                        duty.handle(ByteBuffer.wrap(claim.message().body()).getInt());
                    }
                })
                .build();
        worker.start();
        return () -> {
            worker.drain();
            worker.close();
            source.close();
        };
    }

    /** Sets what is to differ from the defaults: nothing. */
    protected WorkerBuilder tune(WorkerBuilder worker) {
        return worker;
    }
}
