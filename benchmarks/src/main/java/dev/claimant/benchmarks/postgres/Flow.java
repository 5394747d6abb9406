package dev.claimant.benchmarks.postgres;

import dev.claimant.Worker;
import dev.claimant.postgres.PostgresSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;

/** Messages that are put in as fast as one worker works them off, a few thousand ahead, or at a lower rate. */
final class Flow implements AutoCloseable {

    private static final int AT_ONCE = 500;
    private static final int AHEAD = 5_000;
    private static final String PUT_IN = "INSERT INTO claimant.message (queue, body) SELECT '" + ClaimantContender.QUEUE
            + "', " + Database.BODY + " FROM generate_series(1, ?) i";

    private final Database database;
    private final int perSecond;
    private final AtomicLong handled = new AtomicLong();
    private final PostgresSource source;
    private final Worker worker;
    private final Thread sender;
    private volatile boolean over;

    Flow(Database database, int perSecond) {
        this.database = database;
        this.perSecond = perSecond;
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.environment().get(Database.URL_VARIABLE));
        source = PostgresSource.queue(dataSource, ClaimantContender.QUEUE);
        worker = Worker.builder(source)
                .slots(16)
                .prefetch(500)
                .handler(claim -> handled.incrementAndGet())
                .build();
        sender = new Thread(this::send, "sender");
        worker.start();
        sender.start();
    }

    private void send() {
        long sent = 0;
        long began = System.nanoTime();
        while (!over) {
            double due = (System.nanoTime() - began) / 1e9 * perSecond;
            if (sent < due && sent - handled.get() < AHEAD) {
                database.execute(PUT_IN, AT_ONCE);
                sent += AT_ONCE;
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    long handled() {
        return handled.get();
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        sender.join();
        worker.drain();
        worker.close();
        source.close();
    }
}
