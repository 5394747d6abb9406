package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.Reading;
import dev.claimant.sample.keda.Trigger;
import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsMessages;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** KEDA's {@code aws-sqs-queue} scaler: the sum of the counters that the trigger asks for. */
public final class SqsScaler implements Scaler {

    private final Trigger trigger;
    private final SqsConfig config;
    private final SqsAsyncClient client;

    /** Asks as the trigger says, with the queue's URL that KEDA would find in the container's environment. */
    public SqsScaler(Trigger trigger, SqsConfig config) {
        this.trigger = trigger;
        this.config = config;
        client = SqsMessages.client(config);
    }

    @Override
    public Reading read() throws IOException {
        try {
            Map<QueueAttributeName, String> counters = client.getQueueAttributes(
                            request -> request.queueUrl(config.queueUrl()).attributeNames(QueueAttributeName.ALL))
                    .join()
                    .attributes();
            double sum = count(counters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
            if (isSet("scaleOnInFlight", "true")) {
                sum += count(counters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
            }
            if (isSet("scaleOnDelayed", "false")) {
                sum += count(counters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
            }
            return new Reading(trigger, sum);
        } catch (CompletionException e) {
            throw new IOException("cannot count what is in " + config.queueUrl(), e);
        }
    }

    private boolean isSet(String key, String otherwise) {
        return Boolean.parseBoolean(trigger.metadata().getOrDefault(key, otherwise));
    }

    private static double count(Map<QueueAttributeName, String> counters, QueueAttributeName name) {
        return Double.parseDouble(counters.getOrDefault(name, "0"));
    }

    @Override
    public void close() {
        client.close();
    }
}
