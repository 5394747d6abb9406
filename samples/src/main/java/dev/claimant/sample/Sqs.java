package dev.claimant.sample;

import dev.claimant.ConfigurationException;
import dev.claimant.sqs.SqsConfig;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the queue is. Region, credentials and endpoint are the SDK's own variables, {@code AWS_REGION} and the like. */
final class Sqs {

    private static final String QUEUE = "SQS_QUEUE_URL";
    private static final String DEAD_LETTER_QUEUE = "SQS_DEAD_LETTER_QUEUE_URL";
    private static final String LOCK = "SQS_LOCK_SECONDS";
    private static final String LONGEST_POLL = "SQS_LONGEST_POLL_SECONDS";

    /** Which variable each of the source's own settings comes from. */
    static final VariableNames VARIABLES = new VariableNames(Map.of(
            "queue", QUEUE, "deadLetterQueue", DEAD_LETTER_QUEUE, "lockLength", LOCK, "longestPoll", LONGEST_POLL));

    private Sqs() {}

    /** Problems go into the environment's list; then there is nothing to use. */
    static @Nullable SqsConfig read(Environment env) {
        String url = env.required(QUEUE, "https://sqs.<region>.amazonaws.com/<account>/<queue>");
        SqsConfig.Builder config = SqsConfig.queue(url)
                .lockLength(env.seconds(LOCK, 1, 43_200, Duration.ofMinutes(1)))
                .longestPoll(env.seconds(LONGEST_POLL, 1, 20, Duration.ofSeconds(20)));
        String deadLetterQueue = env.text(DEAD_LETTER_QUEUE);
        if (deadLetterQueue != null) {
            config.deadLetterQueue(deadLetterQueue);
        }
        try {
            return config.build();
        } catch (ConfigurationException e) {
            VARIABLES.tell(env, e);
            return null;
        }
    }
}
