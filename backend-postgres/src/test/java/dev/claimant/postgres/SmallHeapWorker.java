package dev.claimant.postgres;

import dev.claimant.Worker;
import org.postgresql.ds.PGSimpleDataSource;

/** A worker in a process of its own, whose memory is small: URL, queue. */
final class SmallHeapWorker {

    private SmallHeapWorker() {}

    public static void main(String[] arguments) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(arguments[0]);
        try (PostgresSource source = PostgresSource.queue(dataSource, arguments[1]);
                Worker worker = Worker.builder(source)
                        .slots(1)
                        .prefetch(11)
                        .handler(claim -> {})
                        .build()) {
            worker.run();
        }
    }
}
