package dev.claimant.sqs;

import dev.claimant.Backlog;
import dev.claimant.SourceException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The counters that KEDA's {@code aws-sqs-queue} scaler reads. In AWS they are approximate and some seconds old. A message that waits for
 * its next try counts as in flight, like one that is claimed: SQS does not tell them apart.
 */
final class BacklogQuery {

    static final String READ = "sqs:GetQueueAttributes";

    private final Connections connections;
    private final QueueAddress queue;
    private final Supplier<@Nullable QueueAddress> deadLetters;

    BacklogQuery(Connections connections, QueueAddress queue, Supplier<@Nullable QueueAddress> deadLetters) {
        this.connections = connections;
        this.queue = queue;
        this.deadLetters = deadLetters;
    }

    Backlog backlog() {
        Counters counters = counters(queue);
        return new Backlog(
                counters.visible + counters.notVisible,
                OptionalLong.of(counters.visible),
                OptionalLong.empty(),
                OptionalLong.empty(),
                dead(),
                false);
    }

    /** Unknown where the counters of that queue may not be read. */
    private OptionalLong dead() {
        QueueAddress dead = deadLetters.get();
        if (dead == null) {
            return OptionalLong.empty();
        }
        try {
            Counters counters = counters(dead);
            return OptionalLong.of(counters.visible + counters.notVisible + counters.delayed);
        } catch (SourceException e) {
            if (e.getCause() != null && SqsErrors.isDenied(e.getCause())) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    private record Counters(long visible, long notVisible, long delayed) {}

    private Counters counters(QueueAddress of) {
        Map<QueueAttributeName, String> attributes = connections
                .ask(
                        READ,
                        of,
                        client -> client.getQueueAttributes(request -> request.queueUrl(of.url())
                                .attributeNames(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)
                                .overrideConfiguration(connections.once())))
                .attributes();
        return new Counters(
                count(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
                count(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
                count(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
    }

    private static long count(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
        return Long.parseLong(attributes.getOrDefault(name, "0"));
    }
}
