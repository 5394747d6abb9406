package dev.claimant.benchmarks.rabbitmq;

import dev.claimant.benchmarks.harness.Duty;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;

/** The container that Spring uses by default, with its defaults; one consumer for each handler that takes time. */
public final class SpringSmlcProgram extends SpringProgram {

    @Override
    AbstractMessageListenerContainer container(CachingConnectionFactory connections, Duty duty) {
        SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(connections);
        if (duty.takesTime()) {
            container.setConcurrentConsumers(duty.slots());
        }
        return container;
    }
}
