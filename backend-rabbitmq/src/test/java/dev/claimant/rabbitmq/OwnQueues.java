package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** What tests have in common that look into the queues of one source: names of their own, a channel that confirms, and an end to it all. */
abstract class OwnQueues {

    final String queue;
    final RabbitMqConfig config;
    final Connection connection;
    final Channel channel;

    OwnQueues(String name) throws IOException {
        queue = name + "-" + UUID.randomUUID();
        config = config(true).build();
        connection = new Connections(config).open("test");
        channel = Connections.channel(connection);
        channel.confirmSelect();
    }

    @AfterEach
    void deleteQueues() throws IOException {
        for (String name : Topology.names(config)) {
            channel.queueDelete(name);
        }
        connection.abort();
    }

    final RabbitMqConfig.Builder config(boolean quorum) {
        RabbitMqConfig.Builder config = RabbitMqConfig.queue(TestServer.get().uri(), queue)
                .longestRetry(Duration.ofSeconds(1))
                .declare();
        return quorum ? config : config.classic();
    }

    static Source opened(RabbitMqConfig.Builder config) {
        return opened(config.build());
    }

    static Source opened(RabbitMqConfig config) {
        Source source = RabbitMqSource.of(config);
        source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
        return source;
    }

    static void settle(Source source, Settlement settlement) {
        assertThat(source.settle(List.of(settlement), Duration.ofSeconds(10))).containsExactly(Verdict.APPLIED);
    }
}
