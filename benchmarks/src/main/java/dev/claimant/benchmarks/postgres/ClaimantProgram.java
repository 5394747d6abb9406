package dev.claimant.benchmarks.postgres;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Worker;
import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.postgres.PostgresSource;
import java.nio.ByteBuffer;
import org.postgresql.ds.PGSimpleDataSource;

/** A worker as the README builds it, that claims some ahead. */
public final class ClaimantProgram implements Program {

    private static final int PREFETCH = 200;

    @Override
    public AutoCloseable start(Duty duty) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(System.getenv(Database.URL_VARIABLE));
        PostgresSource source = PostgresSource.queue(dataSource, ClaimantContender.QUEUE);
        Worker worker = Worker.builder(source)
                .slots(duty.slots())
                .prefetch(PREFETCH)
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
}
