package dev.claimant.benchmarks.postgres;

import dev.claimant.benchmarks.harness.WorkerProgram;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.spi.Source;
import org.postgresql.ds.PGSimpleDataSource;

/** A worker as the README builds it. */
public class ClaimantProgram extends WorkerProgram {

    @Override
    protected Source source() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(System.getenv(Database.URL_VARIABLE));
        return PostgresSource.queue(dataSource, ClaimantContender.QUEUE);
    }
}
