package dev.claimant.kafka;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A member of a consumer group keeps the contract, on the consumer protocol. */
@Execution(ExecutionMode.CONCURRENT)
class KafkaContractTest extends KafkaContract {

    KafkaContractTest() {
        super("consumer");
    }
}
