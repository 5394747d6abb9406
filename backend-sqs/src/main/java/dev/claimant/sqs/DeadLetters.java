package dev.claimant.sqs;

import dev.claimant.ConfigurationException;
import dev.claimant.DeadLetterStore;
import dev.claimant.SourceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * For operators: what was given up, with its reason, and the way back. SQS shows a message only by handing it out, so each call hides what it
 * looks at from other readers until it returns. Of a FIFO queue only the first messages of each group can be seen. Thread-safe.
 */
public final class DeadLetters implements DeadLetterStore, AutoCloseable {

    private static final int SECONDS_TO_LOOK = 60;

    private final SqsConfig config;
    private final Connections connections;
    private @Nullable QueueAddress deadLetters;

    /** The dead letters of this queue: of its own settings, or of its redrive policy. */
    public DeadLetters(SqsConfig config) {
        this.config = config;
        connections = new Connections(config);
    }

    /**
     * One message that was given up.
     *
     * @param id its id in the dead-letter queue
     * @param originalId its id in the queue where it was given up
     * @param idempotencyKey the key that it keeps when it is redriven
     * @param reason why; absent where the redrive policy has moved it
     * @param error the last failure with its stack, where there was one
     * @param attempts how often it was tried, as SQS counts; 0 where it is not known
     * @param body as the handler saw it
     * @param headers as the handler saw them
     * @param orderingKey the message group of a FIFO queue
     * @param sentAt when it came into the dead-letter queue; when it was sent first, where the redrive policy has moved it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record DeadLetter(
            String id,
            String originalId,
            String idempotencyKey,
            @Nullable String reason,
            @Nullable String error,
            int attempts,
            byte[] body,
            Map<String, String> headers,
            @Nullable String orderingKey,
            @Nullable Instant sentAt)
            implements Letter {

        @Override
        public @Nullable Instant since() {
            return sentAt;
        }
    }

    /**
     * Some of them, in no order.
     *
     * @throws ConfigurationException if the queue keeps no dead letters
     * @throws SourceException if SQS cannot be reached
     */
    @Override
    public List<DeadLetter> list(int most) {
        List<DeadLetter> found = new ArrayList<>();
        look(
                message -> {
                    found.add(letter(message));
                    return false;
                },
                most);
        return found;
    }

    /** One of them: SQS shows messages only by handing them out, so that all may have to be looked at. */
    @Override
    public Optional<DeadLetter> find(String id) {
        List<DeadLetter> found = new ArrayList<>();
        look(
                message -> {
                    if (message.messageId().equals(id)) {
                        found.add(letter(message));
                    }
                    return false;
                },
                Integer.MAX_VALUE);
        return found.stream().findFirst();
    }

    /** Sends these back to their queue; returns how many of them were there. */
    @Override
    public int redrive(List<String> ids) {
        Set<String> wanted = new HashSet<>(ids);
        return look(message -> wanted.contains(message.messageId()) && redrive(message), Integer.MAX_VALUE);
    }

    /** Sends all back to their queue; returns how many. */
    @Override
    public int redriveAll() {
        return look(this::redrive, Integer.MAX_VALUE);
    }

    /** Deletes these; returns how many of them were there. */
    @Override
    public int purge(List<String> ids) {
        Set<String> wanted = new HashSet<>(ids);
        return look(message -> wanted.contains(message.messageId()), Integer.MAX_VALUE);
    }

    private boolean redrive(Message message) {
        connections.ask(
                Burying.SEND,
                config.queue,
                client -> client.sendMessage(Copies.redriven(message)
                        .queueUrl(config.queue.url())
                        .overrideConfiguration(connections.once())
                        .build()));
        return true;
    }

    /** Hands each message to the visitor once, deletes those that it is done with, and leaves the others where they are. */
    private int look(Predicate<Message> isDone, int most) {
        QueueAddress queue = deadLetters();
        Map<String, Message> left = new LinkedHashMap<>();
        int done = 0;
        try {
            for (List<Message> some = receive(queue); !some.isEmpty() && left.size() < most; some = receive(queue)) {
                for (Message message : some) {
                    boolean isNew = left.put(message.messageId(), message) == null;
                    if (isNew && left.size() <= most && isDone.test(message)) {
                        delete(queue, message);
                        left.remove(message.messageId());
                        done++;
                    }
                }
            }
        } finally {
            left.values().forEach(message -> handBack(queue, message));
        }
        return done;
    }

    private List<Message> receive(QueueAddress queue) {
        return connections
                .ask(
                        Claiming.RECEIVE,
                        queue,
                        client -> client.receiveMessage(request -> request.queueUrl(queue.url())
                                .maxNumberOfMessages(Batches.MOST)
                                .waitTimeSeconds(1) // a short poll asks only some of the servers that hold the queue
                                .visibilityTimeout(SECONDS_TO_LOOK)
                                .messageAttributeNames("All")
                                .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                                .overrideConfiguration(connections.once())))
                .messages();
    }

    private void delete(QueueAddress queue, Message message) {
        connections.ask(
                Batches.DELETE,
                queue,
                client -> client.deleteMessage(request -> request.queueUrl(queue.url())
                        .receiptHandle(message.receiptHandle())
                        .overrideConfiguration(connections.once())));
    }

    private void handBack(QueueAddress queue, Message message) {
        connections.ask(
                Batches.CHANGE,
                queue,
                client -> client.changeMessageVisibility(request -> request.queueUrl(queue.url())
                        .receiptHandle(message.receiptHandle())
                        .visibilityTimeout(0)
                        .overrideConfiguration(connections.once())));
    }

    private synchronized QueueAddress deadLetters() {
        if (deadLetters == null) {
            deadLetters = new StartupCheck(config, connections).check(0, 0).deadLetters();
        }
        if (deadLetters == null) {
            throw new ConfigurationException(List.of(
                    "deadLetterQueue: not set, and '" + config.queue + "' has no redrive policy that names one"));
        }
        return deadLetters;
    }

    private DeadLetter letter(Message message) {
        Envelope envelope = Envelope.of(message.messageAttributes());
        dev.claimant.Message read = Messages.message(message, config.queue.isFifo());
        String original = envelope.get(Envelope.ID);
        String attempts = envelope.get(Envelope.ATTEMPTS);
        return new DeadLetter(
                message.messageId(),
                original == null ? message.messageId() : original,
                read.idempotencyKey() == null ? message.messageId() : read.idempotencyKey(),
                envelope.get(Envelope.REASON),
                envelope.get(Envelope.ERROR),
                attempts == null || !attempts.matches("\\d{1,9}") ? 0 : Integer.parseInt(attempts),
                read.body(),
                read.headers(),
                read.orderingKey(),
                read.enqueuedAt());
    }

    @Override
    public void close() {
        connections.close();
    }
}
