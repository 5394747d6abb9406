package dev.claimant.benchmarks.rabbitmq;

import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import java.net.URI;
import java.nio.ByteBuffer;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;

/** A listener container of Spring AMQP, without an application context. */
abstract class SpringProgram implements Program {

    /** A container that is still to be told its queue and its listener. */
    abstract AbstractMessageListenerContainer container(CachingConnectionFactory connections, Duty duty);

    @Override
    public AutoCloseable start(Duty duty) {
        Target target = Target.given();
        CachingConnectionFactory connections = new CachingConnectionFactory(URI.create(target.uri()));
        AbstractMessageListenerContainer container = container(connections, duty);
        container.setQueueNames(target.queue());
        container.setMessageListener(message -> handle(duty, message));
        container.afterPropertiesSet();
        container.start();
        return () -> {
            container.stop();
            connections.destroy();
        };
    }

    private static void handle(Duty duty, Message message) {
        try {
            duty.handle(ByteBuffer.wrap(message.getBody()).getInt());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
