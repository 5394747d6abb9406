package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Copies of messages: body, properties and session as they were, to the type. */
final class Copies {

    /** The property of a dead letter that says how often it was tried: the service goes on counting where operators look at it. */
    static final String ATTEMPT = "claimant-attempt";

    /** The property of a redriven message that names its subscription: the copy goes to the topic, and so to all subscriptions. */
    static final String REDRIVEN_FOR = "claimant-redriven-for";

    // A copy that was scheduled for a later attempt: what the service would begin anew.
    private static final String FIRST_ID = "claimant-id";
    private static final String EARLIER_ATTEMPTS = "claimant-earlier-attempts";
    private static final String FIRST_ENQUEUED = "claimant-enqueued-at";

    /** They are none of the message's own. */
    static final Set<String> OF_A_LATER_ATTEMPT = Set.of(FIRST_ID, EARLIER_ATTEMPTS, FIRST_ENQUEUED);

    /** The properties that say why a message was given up, and are none of its own. */
    static final Set<String> OF_A_DEAD_LETTER = Set.of("DeadLetterReason", "DeadLetterErrorDescription", ATTEMPT);

    private Copies() {}

    /**
     * A dead letter for the entity from which it came, with a delivery count of zero. Its message id is a new one, or duplicate detection would
     * take the copy for the message that was given up; its idempotency key stays.
     */
    static ServiceBusMessage redriven(ServiceBusReceivedMessage dead, ServiceBusConfig.Entity entity) {
        ServiceBusMessage copy = copy(dead, UUID.randomUUID().toString());
        Map<String, Object> properties = copy.getApplicationProperties();
        properties.keySet().removeAll(OF_A_DEAD_LETTER);
        properties.keySet().removeAll(OF_A_LATER_ATTEMPT);
        if (entity.subscription() != null) {
            properties.put(REDRIVEN_FOR, entity.subscription());
        }
        return copy;
    }

    /**
     * A message for its next attempt, which goes on counting. Its message id is new, and the same each time that this attempt's retry is repeated:
     * duplicate detection drops all copies but one.
     */
    static ServiceBusMessage later(ServiceBusClaim claim) {
        ServiceBusMessage copy = copy(claim.received(), "claimant-" + claim.id() + "-" + claim.attempt());
        Map<String, Object> properties = copy.getApplicationProperties();
        properties.put(FIRST_ID, claim.id());
        properties.put(EARLIER_ATTEMPTS, claim.attempt());
        Instant enqueued = claim.message().enqueuedAt();
        if (enqueued != null) {
            properties.put(FIRST_ENQUEUED, enqueued.atOffset(ZoneOffset.UTC));
        }
        return copy;
    }

    private static ServiceBusMessage copy(ServiceBusReceivedMessage message, String id) {
        ServiceBusMessage copy = new ServiceBusMessage(message);
        if (message.getMessageId() != null) {
            copy.getApplicationProperties().putIfAbsent(Messages.IDEMPOTENCY_KEY, message.getMessageId());
        }
        copy.setMessageId(id);
        // A copy lives as long as the message did at first; these two name times that may be over.
        copy.getRawAmqpMessage().getProperties().setAbsoluteExpiryTime(null).setCreationTime(null);
        return copy;
    }

    /** How often it was tried before this copy of it was made. */
    static int earlierAttempts(ServiceBusReceivedMessage message) {
        return message.getApplicationProperties().get(EARLIER_ATTEMPTS) instanceof Number number
                ? Math.max(0, number.intValue())
                : 0;
    }

    /** The id of the message of which it is a copy, or its own. */
    static String id(ServiceBusReceivedMessage message) {
        return message.getApplicationProperties().get(FIRST_ID) instanceof String first
                ? first
                : Long.toString(message.getSequenceNumber());
    }

    static @Nullable Instant enqueuedAt(ServiceBusReceivedMessage message) {
        OffsetDateTime enqueued = message.getApplicationProperties().get(FIRST_ENQUEUED) instanceof OffsetDateTime first
                ? first
                : message.getEnqueuedTime();
        return enqueued == null ? null : enqueued.toInstant();
    }

    /** Whether it was redriven for another subscription of the topic, and is nothing to this one. */
    static boolean isForAnother(ServiceBusReceivedMessage message, @Nullable String subscription) {
        return subscription != null
                && message.getApplicationProperties().get(REDRIVEN_FOR) instanceof String named
                && !named.equalsIgnoreCase(subscription);
    }
}
