package dev.claimant.kafka;

import java.time.Duration;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A member of a consumer group keeps the contract where failed messages wait in retry topics. */
@Execution(ExecutionMode.CONCURRENT)
class KafkaRetryTopicsContractTest extends KafkaContract {

    /** What the rules of retries ask for: a delay, and four times as much. */
    KafkaRetryTopicsContractTest() {
        super("consumer", Duration.ofSeconds(5), Duration.ofSeconds(20));
    }
}
