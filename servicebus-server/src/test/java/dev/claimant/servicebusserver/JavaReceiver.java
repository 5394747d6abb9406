package dev.claimant.servicebusserver;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.models.AbandonOptions;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A receiver of Microsoft's SDK for Java; it has a link from its first {@link #receive} on. */
final class JavaReceiver implements SdkReceiver {

    private final JavaSdk sdk;
    private final ServiceBusReceiverAsyncClient receiver;
    private final Duration patience;
    private @Nullable Link link;

    JavaReceiver(JavaSdk sdk, ServiceBusReceiverAsyncClient receiver, Duration patience) {
        this.sdk = sdk;
        this.receiver = receiver;
        this.patience = patience;
    }

    @Override
    public List<Incoming> receive(int count) {
        if (link == null) {
            link = new Link(receiver, count);
        } else {
            link.request(count);
        }
        List<Incoming> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(incoming(next(link)));
        }
        return messages;
    }

    private ServiceBusReceivedMessage next(Link link) {
        try {
            return link.next(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void complete(Incoming message) {
        sdk.await(receiver.complete(received(message)));
    }

    @Override
    public void abandon(Incoming message, Map<String, Object> properties) {
        sdk.await(receiver.abandon(received(message), new AbandonOptions().setPropertiesToModify(properties)));
    }

    @Override
    public void defer(Incoming message) {
        sdk.await(receiver.defer(received(message)));
    }

    @Override
    public void deadLetter(Incoming message, String reason, String description, Map<String, Object> properties) {
        sdk.await(receiver.deadLetter(
                received(message),
                new DeadLetterOptions()
                        .setDeadLetterReason(reason)
                        .setDeadLetterErrorDescription(description)
                        .setPropertiesToModify(properties)));
    }

    @Override
    public void renew(Incoming message) {
        sdk.await(receiver.renewMessageLock(received(message)));
    }

    @Override
    public Incoming deferred(long sequence) {
        return incoming(Objects.requireNonNull(sdk.await(receiver.receiveDeferredMessage(sequence))));
    }

    @Override
    public String session() {
        return Objects.requireNonNull(receiver.getSessionId());
    }

    @Override
    public void renewSession() {
        sdk.await(receiver.renewSessionLock());
    }

    @Override
    public void setState(byte[] state) {
        sdk.await(receiver.setSessionState(state));
    }

    @Override
    public byte @Nullable [] state() {
        return sdk.await(receiver.getSessionState());
    }

    @Override
    public void close() {
        if (link != null) {
            link.close();
        } else {
            receiver.close();
        }
    }

    private static ServiceBusReceivedMessage received(Incoming message) {
        return (ServiceBusReceivedMessage) message.handle();
    }

    static Incoming incoming(ServiceBusReceivedMessage message) {
        Map<String, @Nullable Object> fields = new HashMap<>();
        fields.put("messageId", message.getMessageId());
        fields.put("sessionId", message.getSessionId());
        fields.put("correlationId", message.getCorrelationId());
        fields.put("subject", message.getSubject());
        fields.put("contentType", message.getContentType());
        fields.put("replyTo", message.getReplyTo());
        fields.put("to", message.getTo());
        fields.put("properties", message.getApplicationProperties());
        fields.put("sequence", message.getSequenceNumber());
        fields.put("deliveryCount", message.getDeliveryCount());
        fields.put("lockToken", message.getLockToken());
        fields.put("state", String.valueOf(message.getState()));
        fields.put("enqueuedAt", millis(message.getEnqueuedTime()));
        fields.put("lockedUntil", millis(message.getLockedUntil()));
        fields.put("deadLetterReason", message.getDeadLetterReason());
        fields.put("deadLetterDescription", message.getDeadLetterErrorDescription());
        return new Incoming(message, message.getBody().toBytes(), fields);
    }

    private static @Nullable Long millis(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant().toEpochMilli();
    }
}
