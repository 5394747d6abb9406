package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import dev.claimant.DeadLetterStore;
import dev.claimant.Message;
import dev.claimant.SourceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * For operators: the messages of a queue or subscription that were given up, with their reasons, and the way back. They stay until someone
 * removes them. {@link #list} and {@link #find} change nothing. Needs the right Listen, and Send for {@link #redrive}.
 *
 * <p>Service Bus hands out dead letters in order only, so a call that redrives or purges some takes those before them too, and gives them back.
 * Meanwhile another call does not see them. Thread-safe; makes a connection for each call. Every method throws {@link SourceException} if
 * Service Bus cannot be reached or refuses.
 */
public final class DeadLetters implements DeadLetterStore {

    private final ServiceBusConfig config;

    /** Those of the queue or subscription of a worker with these settings. */
    public DeadLetters(ServiceBusConfig config) {
        this.config = config;
    }

    /**
     * A message that was given up.
     *
     * @param id its sequence number, by which the other methods name it, and which its claims had as their id unless it is a copy
     * @param idempotencyKey the key that it keeps when it is redriven; absent where it has neither that property nor a message id
     * @param reason why; absent if none was given
     * @param error the last failure with its stack, or what Service Bus says beside its reason
     * @param attempts how often it was tried; as Service Bus counts where it has given up the message itself
     * @param enqueuedAt when it was sent
     * @param orderingKey its session
     * @param headers as the handler saw them
     * @param body as the handler saw it; empty where it is neither bytes nor text
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record DeadLetter(
            String id,
            @Nullable String idempotencyKey,
            @Nullable String reason,
            @Nullable String error,
            int attempts,
            @Nullable Instant enqueuedAt,
            @Nullable String orderingKey,
            Map<String, String> headers,
            byte[] body)
            implements Letter {

        @Override
        public @Nullable Instant since() {
            return enqueuedAt;
        }
    }

    /** The first ones, the oldest first. */
    @Override
    public List<DeadLetter> list(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("most: " + most + " is negative");
        }
        List<DeadLetter> found = new ArrayList<>();
        try (DeadQueue queue = new DeadQueue(config)) {
            queue.peek(0, most, message -> found.add(letter(message)));
        }
        return found;
    }

    /** The one with this id, if it is there. */
    @Override
    public Optional<DeadLetter> find(String id) {
        if (!id.matches("\\d{1,18}")) {
            return Optional.empty();
        }
        List<DeadLetter> found = new ArrayList<>();
        try (DeadQueue queue = new DeadQueue(config)) {
            queue.peek(Long.parseLong(id), 1, message -> found.add(letter(message)));
        }
        return found.stream().filter(letter -> letter.id().equals(id)).findFirst();
    }

    /**
     * Has these tried again from their first attempt, at the end of the queue or of their session, with the idempotency keys that they had and
     * with new message ids. Each is safe there before it leaves the dead letters: a failure in between leaves two, never none.
     *
     * <p>Nobody can send to a subscription: the copy goes to the topic. Workers on other subscriptions see for which it is meant and complete
     * it; other applications get it once more, unless a rule excludes it (docs/servicebus.md).
     *
     * @return how many were there
     */
    @Override
    public int redrive(List<String> ids) {
        Set<String> wanted = new HashSet<>(ids);
        return redriveThose(message -> wanted.contains(id(message)));
    }

    /** Has all of them tried again; see {@link #redrive}. Those that are given up anew meanwhile stay. */
    @Override
    public int redriveAll() {
        return redriveThose(message -> true);
    }

    /**
     * Removes these for good.
     *
     * @return how many were there
     */
    @Override
    public int purge(List<String> ids) {
        Set<String> wanted = new HashSet<>(ids);
        try (DeadQueue queue = new DeadQueue(config)) {
            return queue.take("purging dead letters", message -> wanted.contains(id(message)), message -> Mono.empty());
        }
    }

    private int redriveThose(Predicate<ServiceBusReceivedMessage> wanted) {
        try (DeadQueue queue = new DeadQueue(config)) {
            return queue.take("redriving dead letters", wanted, queue::sendAgain);
        }
    }

    private static String id(ServiceBusReceivedMessage message) {
        return Long.toString(message.getSequenceNumber());
    }

    private static DeadLetter letter(ServiceBusReceivedMessage dead) {
        Message message = Messages.read(dead, dead.getSessionId()).message();
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.keySet().removeAll(Copies.OF_A_DEAD_LETTER);
        Object attempt = dead.getApplicationProperties().get(Copies.ATTEMPT);
        return new DeadLetter(
                id(dead),
                message.idempotencyKey(),
                dead.getDeadLetterReason(),
                dead.getDeadLetterErrorDescription(),
                attempt instanceof Number number
                        ? number.intValue()
                        : Copies.earlierAttempts(dead) + (int) dead.getDeliveryCount(),
                message.enqueuedAt(),
                message.orderingKey(),
                headers,
                message.body());
    }
}
