package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueConsumerTest {

    private final String queue = "consumer-" + UUID.randomUUID();
    private final RabbitMqConfig config =
            RabbitMqConfig.queue(TestServer.get().uri(), queue).build();

    /** Ends when the broker cancels a consumer; the other one's channel stays open as it does for a moment where both are one. */
    private final Connection subscriptions = new Connections(config).open("test");

    private final Connection consumers = new Connections(config).open("test");

    @AfterEach
    void close() {
        subscriptions.abort();
        consumers.abort();
    }

    @Test
    void mayBeCancelledAfterTheBrokerHasDoneSo() throws IOException {
        StartupCheck.Report seen =
                new StartupCheck.Report(new Broker("3.10.8", false), Duration.ZERO, false, false, false);
        Subscription subscription =
                new Subscription(subscriptions, Connections.channel(subscriptions), config, seen, new Heard());
        Channel channel = Connections.channel(consumers);
        channel.queueDeclare(queue, false, false, false, null);
        QueueConsumer consumer = new QueueConsumer(channel, subscription, new Credit(1), null);
        consumer.begin(queue);

        channel.queueDelete(queue);
        await().until(subscription::isOver);

        assertThatCode(consumer::cancel).doesNotThrowAnyException();
    }
}
