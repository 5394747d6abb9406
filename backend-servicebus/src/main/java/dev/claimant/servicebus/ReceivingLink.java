package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A receiving link whose credit is in our hands: Service Bus sends as many messages as were asked for, and credit cannot be recalled. */
final class ReceivingLink implements Subscriber<ServiceBusReceivedMessage> {

    /** Who is told. */
    interface Receiver {
        void arrived(ReceivingLink link, ServiceBusReceivedMessage message);

        /** It brings nothing any more. */
        void broken(ReceivingLink link, @Nullable Throwable failure);
    }

    final ServiceBusReceiverAsyncClient client;
    private final Receiver receiver;
    private @Nullable Subscription subscription;
    private boolean isCancelled;
    private int outstanding;
    private int early;

    ReceivingLink(ServiceBusReceiverAsyncClient client, Receiver receiver) {
        this.client = client;
        this.receiver = receiver;
    }

    void open() {
        client.receiveMessages().subscribe(this);
    }

    /** How many were asked for and have not arrived. */
    synchronized int outstanding() {
        return outstanding;
    }

    /** One of them has arrived and is counted where it is kept from now on. */
    synchronized void arrivedOne() {
        outstanding--;
    }

    void request(int count) {
        Subscription open;
        synchronized (this) {
            outstanding += count;
            open = subscription;
            if (open == null) {
                early += count;
            }
        }
        if (open != null) {
            open.request(count);
        }
    }

    void cancel() {
        Subscription open;
        synchronized (this) {
            isCancelled = true;
            open = subscription;
        }
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public void onSubscribe(Subscription opened) {
        int count;
        boolean cancel;
        synchronized (this) {
            subscription = opened;
            count = early;
            cancel = isCancelled;
        }
        if (cancel) {
            opened.cancel();
        } else if (count > 0) {
            opened.request(count);
        }
    }

    @Override
    public void onNext(ServiceBusReceivedMessage message) {
        receiver.arrived(this, message);
    }

    @Override
    public void onError(Throwable failure) {
        receiver.broken(this, failure);
    }

    @Override
    public void onComplete() {
        receiver.broken(this, null);
    }
}
