package dev.claimant.servicebusserver;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A receiving client with its credit in our hands. */
final class Link extends BaseSubscriber<ServiceBusReceivedMessage> implements AutoCloseable {

    final ServiceBusReceiverAsyncClient receiver;
    private final int credit;
    private final BlockingQueue<ServiceBusReceivedMessage> received = new LinkedBlockingQueue<>();
    private volatile @Nullable Throwable failure;

    Link(ServiceBusReceiverAsyncClient receiver, int credit) {
        this.receiver = receiver;
        this.credit = credit;
        receiver.receiveMessages().subscribe(this);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(credit);
    }

    @Override
    protected void hookOnNext(ServiceBusReceivedMessage message) {
        received.add(message);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        this.failure = failure;
    }

    /** The next message; fails when none comes. */
    ServiceBusReceivedMessage next() throws InterruptedException {
        return next(Client.PATIENCE);
    }

    ServiceBusReceivedMessage next(Duration patience) throws InterruptedException {
        long giveUp = System.nanoTime() + patience.toNanos();
        while (true) {
            ServiceBusReceivedMessage message = received.poll(50, TimeUnit.MILLISECONDS);
            if (message != null) {
                return message;
            }
            if (failure != null || System.nanoTime() - giveUp > 0) {
                throw new AssertionError("no message came", failure);
            }
        }
    }

    /** Asks for one more and waits for it. */
    ServiceBusReceivedMessage another() throws InterruptedException {
        request(1);
        return next();
    }

    void complete(ServiceBusReceivedMessage message) {
        Client.done(receiver.complete(message));
    }

    void abandon(ServiceBusReceivedMessage message) {
        Client.done(receiver.abandon(message));
    }

    @Override
    public void close() {
        cancel();
        receiver.close();
    }
}
