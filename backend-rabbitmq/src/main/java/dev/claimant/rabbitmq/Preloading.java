package dev.claimant.rabbitmq;

import com.rabbitmq.client.impl.AMQChannel;
import com.rabbitmq.client.impl.AMQCommand;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.ChannelManager;
import com.rabbitmq.client.impl.ChannelN;
import java.util.List;

/**
 * Loads and verifies classes on a second processor while the first connects: without an archive of class data a JVM takes longer for them than
 * the broker for its answers. Initialises none except {@link MadeUpIds}, which needs no other class of ours, so that no two threads can wait for
 * each other.
 */
final class Preloading implements Runnable {

    /** Returns at once. */
    static void begin() {
        Thread thread = new Thread(new Preloading(), "claimant-rabbitmq-classes");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            for (Class<?> needed : needed()) {
                int unused = needed.getDeclaredConstructors().length; // which links
            }
            String unused = MadeUpIds.next(); // which opens a file
        } catch (LinkageError e) {
            // the code that needs the class reports it
        }
    }

    /** Here and not in a constant, which the thread that connects would load. */
    private static List<Class<?>> needed() {
        return List.of(
                AMQImpl.class,
                AMQCommand.class,
                AMQConnection.class,
                AMQChannel.class,
                ChannelManager.class,
                ChannelN.class,
                StartupCheck.class,
                QueueProbe.class,
                Topology.class,
                Subscription.class,
                Holding.class,
                Unsettled.class,
                RabbitMqClaim.class,
                DeliveryBuffer.class,
                Consumers.class,
                CreditPolicy.class,
                Claiming.class,
                Acknowledging.class,
                LockWatch.class,
                QueueConsumer.class,
                Messages.class);
    }
}
