package dev.claimant.kafka;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A member of a consumer group keeps the contract, on the classic protocol. */
@Execution(ExecutionMode.CONCURRENT)
class KafkaClassicContractTest extends KafkaContract {

    KafkaClassicContractTest() {
        super("classic");
    }
}
