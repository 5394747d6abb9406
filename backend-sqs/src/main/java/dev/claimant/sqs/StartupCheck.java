package dev.claimant.sqs;

import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What can be known before the first claim, by one request for each of the two queues. All problems are reported at once. */
final class StartupCheck {

    private static final Logger LOG = LoggerFactory.getLogger(StartupCheck.class);
    private static final Pattern TARGET = Pattern.compile("\"deadLetterTargetArn\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern COUNT = Pattern.compile("\"maxReceiveCount\"\\s*:\\s*\"?(\\d+)");

    private final SqsConfig config;
    private final Connections connections;
    private final List<String> problems = new ArrayList<>();

    StartupCheck(SqsConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
    }

    /**
     * Asks the queue and its dead-letter queue.
     *
     * @param maxAttempts after how many attempts the worker gives a message up
     * @param maxCounted the same with the allowance for attempts that releases burn
     * @throws ConfigurationException with every problem found
     * @throws SourceException if SQS cannot be reached
     */
    QueueFacts check(int maxAttempts, int maxCounted) {
        Map<QueueAttributeName, String> queue = attributes("queue", config.queue);
        String policy = queue == null ? null : queue.get(QueueAttributeName.REDRIVE_POLICY);
        Matcher target = TARGET.matcher(policy == null ? "" : policy);
        Matcher count = COUNT.matcher(policy == null ? "" : policy);
        QueueAddress deadLetters = config.deadLetterQueue;
        int maxReceiveCount = 0;
        if (target.find() && count.find()) {
            maxReceiveCount = Integer.parseInt(count.group(1));
            checkAttempts(maxAttempts, maxCounted, maxReceiveCount);
            if (deadLetters == null && !config.withoutDeadLetters) {
                deadLetters = config.queue.sibling(target.group(1));
            }
        }
        Map<QueueAttributeName, String> dead = deadLetters == null ? null : attributes("deadLetterQueue", deadLetters);
        if (queue != null && deadLetters != null && dead != null) {
            checkDeadLetters(queue, deadLetters, dead);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new QueueFacts(
                deadLetters,
                maxReceiveCount,
                number(dead, QueueAttributeName.MAXIMUM_MESSAGE_SIZE, QueueFacts.LARGEST),
                queue == null
                        ? config.queue.url()
                        : queue.getOrDefault(QueueAttributeName.QUEUE_ARN, config.queue.url()));
    }

    private void checkAttempts(int maxAttempts, int maxCounted, int maxReceiveCount) {
        if (maxReceiveCount > maxCounted) {
            return;
        }
        String policy = "queue: the redrive policy of '" + config.queue + "' gives a message up after "
                + maxReceiveCount + " receives, and the worker ";
        problems.add(
                maxAttempts == Integer.MAX_VALUE
                        ? policy + "never: set retry.maxAttempts, or take the policy away"
                        : policy + "after " + maxAttempts + " attempts and " + (maxCounted - maxAttempts)
                                + " that releases may burn: set maxReceiveCount to " + (maxCounted + 1)
                                + " or more, or retry.maxAttempts lower");
    }

    private void checkDeadLetters(
            Map<QueueAttributeName, String> queue, QueueAddress deadLetters, Map<QueueAttributeName, String> dead) {
        if (deadLetters.isFifo() != config.queue.isFifo()) {
            problems.add("deadLetterQueue: '" + deadLetters + "' must be a "
                    + (config.queue.isFifo() ? "FIFO" : "standard") + " queue, as the queue is");
        }
        int kept = number(dead, QueueAttributeName.MESSAGE_RETENTION_PERIOD, Integer.MAX_VALUE);
        int needed = number(queue, QueueAttributeName.MESSAGE_RETENTION_PERIOD, 0);
        if (kept < needed) {
            problems.add("deadLetterQueue: '" + deadLetters + "' keeps messages for " + kept + " s, and the queue for "
                    + needed
                    + " s: what the redrive policy moves keeps its age and would be deleted early; set its"
                    + " MessageRetentionPeriod to " + needed + " or more");
        }
    }

    private static int number(
            @Nullable Map<QueueAttributeName, String> attributes, QueueAttributeName name, int otherwise) {
        String value = attributes == null ? null : attributes.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    /** Nothing where there is no such queue, which is a problem, or where its attributes may not be read, which is none. */
    private @Nullable Map<QueueAttributeName, String> attributes(String setting, QueueAddress queue) {
        try {
            return connections
                    .ask(
                            BacklogQuery.READ,
                            queue,
                            client -> client.getQueueAttributes(request -> request.queueUrl(queue.url())
                                    .attributeNames(QueueAttributeName.ALL)
                                    .overrideConfiguration(connections.once())))
                    .attributes();
        } catch (SourceException e) {
            Throwable cause = e.getCause();
            if (cause != null && SqsErrors.isMissing(cause)) {
                problems.add(setting + ": '" + queue + "': "
                        + SqsErrors.describe(BacklogQuery.READ, queue, cause)
                        + (config.region == null ? "" : " (region " + config.region + ")"));
                return null;
            }
            if (cause != null && SqsErrors.isDenied(cause)) {
                LOG.warn(
                        "{}: it starts unchecked, and a dead-letter queue counts only where deadLetterQueue is set",
                        e.getMessage());
                return null;
            }
            throw e;
        }
    }
}
