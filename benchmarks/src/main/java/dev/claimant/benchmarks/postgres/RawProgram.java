package dev.claimant.benchmarks.postgres;

import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * One connection and one thread that claims 100 at once, and completes what was handled with one fenced statement. Handlers that take
 * time run on a pool. Nobody renews a lock, retries, stops in order or reports.
 */
public final class RawProgram implements Program {

    private static final int BATCH = 100;

    private static final String CLAIM = """
            UPDATE raw_message SET fence = fence + 1, locked_until = now() + interval '30 seconds'
            WHERE id = ANY (ARRAY(
                SELECT id FROM raw_message WHERE locked_until < now() ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED))
            RETURNING id, fence, body""";

    private static final String COMPLETE = """
            DELETE FROM raw_message m USING unnest(?::bigint[], ?::bigint[]) AS done(id, fence)
            WHERE m.id = done.id AND m.fence = done.fence""";

    private static final int LONGEST_WAIT_MILLIS = 1_000;

    private record Claim(long id, long fence, int number) {}

    private final BlockingQueue<Claim> handled = new LinkedBlockingQueue<>();
    private volatile boolean stopping;

    @Override
    public AutoCloseable start(Duty duty) throws SQLException {
        Connection connection = DriverManager.getConnection(System.getenv(Database.URL_VARIABLE));
        Thread loop = new Thread(() -> run(duty, connection), "raw");
        loop.start();
        return () -> {
            stopping = true;
            loop.join();
        };
    }

    private void run(Duty duty, Connection connection) {
        ThreadPoolExecutor pool = duty.takesTime() ? pool(duty.slots()) : null;
        try (connection;
                PreparedStatement listen = connection.prepareStatement("LISTEN raw_message");
                PreparedStatement claim = connection.prepareStatement(CLAIM);
                PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
            listen.execute();
            int held = 0;
            while (!stopping || held > 0) {
                List<Claim> claims = claim(claim, room(duty, pool, held));
                held += claims.size();
                for (Claim each : claims) {
                    handle(duty, pool, each);
                }
                if (held == 0) {
                    connection.unwrap(PGConnection.class).getNotifications(stopping ? 1 : LONGEST_WAIT_MILLIS);
                }
                held -= complete(connection, complete, handled(held > 0));
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            if (pool != null) {
                pool.shutdown();
            }
        }
    }

    /** Handlers of no length run one after the other, in this thread. Others never wait for the next claim. */
    private static int room(Duty duty, @Nullable ThreadPoolExecutor pool, int held) {
        if (pool == null) {
            return BATCH;
        }
        int room = duty.slots() + BATCH - held;
        return room < BATCH / 2 ? 0 : Math.min(room, BATCH);
    }

    private static ThreadPoolExecutor pool(int threads) {
        return new ThreadPoolExecutor(threads, threads, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(10 * BATCH));
    }

    private static List<Claim> claim(PreparedStatement claim, int most) throws SQLException {
        List<Claim> claims = new ArrayList<>(most);
        if (most > 0) {
            claim.setInt(1, most);
            try (ResultSet row = claim.executeQuery()) {
                while (row.next()) {
                    int number = ByteBuffer.wrap(row.getBytes(3)).getInt();
                    claims.add(new Claim(row.getLong(1), row.getLong(2), number));
                }
            }
        }
        return claims;
    }

    private void handle(Duty duty, @Nullable ThreadPoolExecutor pool, Claim claim) throws InterruptedException {
        if (pool == null) {
            duty.handle(claim.number());
            handled.add(claim);
        } else {
            pool.execute(() -> {
                try {
                    duty.handle(claim.number());
                    handled.add(claim);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    /** What is handled by now; waits for a first one where some are being handled. */
    private List<Claim> handled(boolean wait) throws InterruptedException {
        List<Claim> done = new ArrayList<>();
        Claim first = wait ? handled.poll(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS) : handled.poll();
        if (first != null) {
            done.add(first);
            handled.drainTo(done);
        }
        return done;
    }

    private static int complete(Connection connection, PreparedStatement complete, List<Claim> claims)
            throws SQLException {
        if (claims.isEmpty()) {
            return 0;
        }
        complete.setArray(
                1,
                connection.createArrayOf(
                        "bigint", claims.stream().map(Claim::id).toArray()));
        complete.setArray(
                2,
                connection.createArrayOf(
                        "bigint", claims.stream().map(Claim::fence).toArray()));
        return complete.executeUpdate();
    }
}
