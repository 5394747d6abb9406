package dev.claimant.benchmarks.rabbitmq;

import dev.claimant.benchmarks.harness.Duty;
import java.util.concurrent.Executors;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;

/** The container that handles on the client's threads, tuned: 25 messages for each acknowledgement, and as many threads as consumers. */
public final class SpringDmlcProgram extends SpringProgram {

    private static final int MESSAGES_PER_ACK = 25;

    @Override
    AbstractMessageListenerContainer container(CachingConnectionFactory connections, Duty duty) {
        DirectMessageListenerContainer container = new DirectMessageListenerContainer(connections);
        container.setMessagesPerAck(MESSAGES_PER_ACK);
        if (duty.takesTime()) {
            container.setConsumersPerQueue(duty.slots());
            connections.setExecutor(Executors.newFixedThreadPool(duty.slots()));
        }
        return container;
    }
}
