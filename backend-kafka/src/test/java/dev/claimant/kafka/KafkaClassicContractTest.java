package dev.claimant.kafka;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;

/** The same on the group protocol before Kafka 4, which brokers before 4.0 know, too. */
class KafkaClassicContractTest implements SourceContract {

    @Override
    public Harness newHarness() {
        return new KafkaHarness("classic");
    }
}
