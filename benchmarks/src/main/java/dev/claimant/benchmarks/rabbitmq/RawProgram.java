package dev.claimant.benchmarks.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;

/**
 * One channel and one consumer, written by hand: what is possible. Nobody retries, stops in order or reports. Deliveries stay on the thread
 * that reads them, as in Claimant's own connections: the client's pool of threads costs more than a handler of no length.
 */
public class RawProgram implements Program {

    private static final int PREFETCH = 250;

    int messagesPerAck() {
        return 25;
    }

    @Override
    public final AutoCloseable start(Duty duty) throws Exception {
        Target target = Target.given();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(target.uri());
        factory.setSharedExecutor(new ReadingThread());
        Connection connection = factory.newConnection();
        Channel channel = connection.createChannel();
        channel.basicQos(PREFETCH);
        RawConsumer consumer = new RawConsumer(channel, duty, messagesPerAck());
        String tag = channel.basicConsume(target.queue(), false, consumer);
        return () -> {
            channel.basicCancel(tag);
            consumer.finish();
            channel.close();
            connection.close();
        };
    }
}
