package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.IdempotencyStore;
import dev.claimant.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A worker in a process of its own that stands still where it is told to, to be killed there: URL, queue, table of effects, way, where. */
final class DoomedWorker {

    /** Where it is killed. */
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

    /** By what the effect is to happen once. */
    enum Way {
        COMPLETE_IN {
            @Override
            Handler handler(DataSource dataSource, String effects, Stop stop) {
                return claim -> completeIn(dataSource, effects, stop, (PostgresClaim) claim);
            }
        },
        STORE {
            @Override
            Handler handler(DataSource dataSource, String effects, Stop stop) {
                IdempotencyStore store = new StandingStore(new PostgresIdempotencyStore(dataSource, effects), stop);
                return Handler.idempotent(store, claim -> write(dataSource, effects, stop, claim));
            }
        },
        INBOX {
            @Override
            Handler handler(DataSource dataSource, String effects, Stop stop) {
                Handler handler = new Inbox(dataSource, effects).handler((claim, connection) -> {
                    Effects.write(connection, effects, claim);
                    stop.standHere(Stop.BEFORE_COMMIT);
                });
                return claim -> {
                    handler.handle(claim);
                    stop.standHere(Stop.AFTER_COMMIT);
                };
            }
        };

        abstract Handler handler(DataSource dataSource, String effects, Stop stop);
    }

    private DoomedWorker() {}

    public static void main(String[] arguments) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(arguments[0]);
        Handler handler = Way.valueOf(arguments[3]).handler(dataSource, arguments[2], Stop.valueOf(arguments[4]));
        try (PostgresSource source = PostgresSource.queue(dataSource, arguments[1]);
                Worker worker = Worker.builder(source).slots(1).handler(handler).build()) {
            worker.run();
        }
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

    private static void write(DataSource dataSource, String effects, Stop stop, Claim claim) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Effects.write(connection, effects, claim);
            stop.standHere(Stop.BEFORE_COMMIT);
            connection.commit();
        }
    }

    /** Stands still when the store knows that the work is done, and the source does not. */
    private record StandingStore(IdempotencyStore store, Stop stop) implements IdempotencyStore {
        @Override
        public Answer begin(String key, String message, String holder) {
            return store.begin(key, message, holder);
        }

        @Override
        public void complete(String key, String holder) {
            store.complete(key, holder);
            stop.standHere(Stop.AFTER_COMMIT);
        }

        @Override
        public void abandon(String key, String holder) {
            store.abandon(key, holder);
        }
    }
}
