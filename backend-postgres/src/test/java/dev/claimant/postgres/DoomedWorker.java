package dev.claimant.postgres;

import dev.claimant.Handler;
import dev.claimant.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A worker in a process of its own that stands still where it is told to, to be killed there: URL, queue, table of effects, where. */
final class DoomedWorker {

    enum Stop {
        BEFORE_COMMIT,
        AFTER_COMMIT,
        NEVER;

        /** Says so, and waits to be killed. */
        void standHere(Stop here) {
            if (this == here) {
                System.out.println(this);
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new AssertionError("nobody interrupts it", e);
                }
            }
        }
    }

    private DoomedWorker() {}

    public static void main(String[] arguments) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(arguments[0]);
        Handler handler = handler(dataSource, arguments[2], Stop.valueOf(arguments[3]));
        try (PostgresSource source = PostgresSource.queue(dataSource, arguments[1]);
                Worker worker = Worker.builder(source).slots(1).handler(handler).build()) {
            worker.run();
        }
    }

    static Handler handler(DataSource dataSource, String effects, Stop stop) {
        return claim -> completeIn(dataSource, effects, stop, (PostgresClaim) claim);
    }

    private static void completeIn(DataSource dataSource, String effects, Stop stop, PostgresClaim claim)
            throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Effects.write(connection, effects, claim);
            claim.completeIn(connection);
            stop.standHere(Stop.BEFORE_COMMIT);
            connection.commit();
            stop.standHere(Stop.AFTER_COMMIT);
        }
    }
}
