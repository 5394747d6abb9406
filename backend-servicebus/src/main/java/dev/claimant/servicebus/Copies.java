package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Copies of messages: body, properties and session as they were, to the type. */
final class Copies {

    /** The property of a dead letter that says how often it was tried: the service goes on counting where operators look at it. */
    static final String ATTEMPT = "claimant-attempt";

    /** The properties that say why a message was given up, and are none of its own. */
    static final Set<String> OF_A_DEAD_LETTER = Set.of("DeadLetterReason", "DeadLetterErrorDescription", ATTEMPT);

    /** The property of a redriven message that names its subscription: the copy goes to the topic, and so to all subscriptions. */
    static final String REDRIVEN_FOR = "claimant-redriven-for";

    private Copies() {}

    /**
     * A dead letter for the entity from which it came, with a delivery count of zero. Its message id is a new one, or duplicate detection would
     * take the copy for the message that was given up; its idempotency key stays.
     */
    static ServiceBusMessage redriven(ServiceBusReceivedMessage dead, ServiceBusConfig.Entity entity) {
        ServiceBusMessage copy = new ServiceBusMessage(dead);
        Map<String, Object> properties = copy.getApplicationProperties();
        properties.keySet().removeAll(OF_A_DEAD_LETTER);
        if (dead.getMessageId() != null) {
            properties.putIfAbsent(Messages.IDEMPOTENCY_KEY, dead.getMessageId());
        }
        if (entity.subscription() != null) {
            properties.put(REDRIVEN_FOR, entity.subscription());
        }
        copy.setMessageId(UUID.randomUUID().toString());
        // A copy lives as long as the message did at first; these two name times that may be over.
        copy.getRawAmqpMessage().getProperties().setAbsoluteExpiryTime(null).setCreationTime(null);
        return copy;
    }

    /** Whether it was redriven for another subscription of the topic, and is nothing to this one. */
    static boolean isForAnother(ServiceBusReceivedMessage message, @Nullable String subscription) {
        return subscription != null
                && message.getApplicationProperties().get(REDRIVEN_FOR) instanceof String named
                && !named.equalsIgnoreCase(subscription);
    }
}
