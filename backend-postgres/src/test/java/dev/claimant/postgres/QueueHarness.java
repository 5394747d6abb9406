package dev.claimant.postgres;

import dev.claimant.contract.Misconfigured;
import dev.claimant.contract.Sending;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import java.util.List;
import java.util.UUID;

/** The contract on a queue of Claimant's own. */
class QueueHarness extends PostgresHarness {

    private final String queue = "contract-" + UUID.randomUUID();

    private final String name;

    QueueHarness() {
        this("PostgreSQL, queue");
    }

    QueueHarness(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    PostgresConfig.Builder config() {
        return PostgresConfig.queue(queue);
    }

    @Override
    String queue() {
        return queue;
    }

    @Override
    public String send(Sending message) {
        NewMessage plain = NewMessage.of(message.body()).headers(message.headers());
        String key = message.orderingKey();
        return new PostgresQueue(database.dataSource(), queue).enqueue(key == null ? plain : plain.orderingKey(key));
    }

    @Override
    public Misconfigured misconfigured() {
        PostgresSource source = PostgresSource.of(Roles.scaler().dataSource(), config().build());
        return new Misconfigured(
                source, List.of("DELETE on claimant.message", "INSERT on claimant.dead", "USAGE on claimant.position"));
    }
}
