package dev.claimant.kafka;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;

/** A member of a consumer group keeps the contract. */
class KafkaContractTest implements SourceContract {

    @Override
    public Harness newHarness() {
        return new KafkaHarness("consumer");
    }
}
