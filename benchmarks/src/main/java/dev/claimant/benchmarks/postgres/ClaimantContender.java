package dev.claimant.benchmarks.postgres;

import dev.claimant.benchmarks.harness.Program;
import dev.claimant.postgres.PostgresQueue;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import dev.claimant.postgres.PostgresSource;
import java.nio.ByteBuffer;
import java.util.List;

/** A worker on a queue of Claimant's own. */
final class ClaimantContender extends PostgresContender {

    static final String QUEUE = "bench";

    private final PostgresQueue queue;

    ClaimantContender(Database database, String name, Class<? extends Program> program) {
        super(
                database,
                name,
                program,
                List.of("claimant-core-", "claimant-backend-postgres-", "postgresql-", "slf4j-api-", "slf4j-simple-"),
                200_000,
                25_000);
        this.queue = new PostgresQueue(database.dataSource, QUEUE);
        PostgresSource.migrate(database.dataSource);
    }

    @Override
    public void fill(int messages) {
        database.execute("TRUNCATE claimant.mark");
        database.fill(
                "claimant.message",
                "INSERT INTO claimant.message (queue, body) SELECT '" + QUEUE + "', " + Database.BODY
                        + " FROM generate_series(0, ?) i",
                messages);
    }

    @Override
    public void send(int number, Runnable committed) {
        byte[] body = ByteBuffer.allocate(200).putInt(number).array();
        queue.enqueue(NewMessage.of(body));
        committed.run();
    }

    @Override
    public long left() {
        return database.number("SELECT count(*) FROM claimant.message");
    }
}
