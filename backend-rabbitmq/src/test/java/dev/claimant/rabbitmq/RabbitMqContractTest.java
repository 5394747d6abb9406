package dev.claimant.rabbitmq;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;

/** The contract on both kinds of queue: the one with all that a source can do, the other with the least. */
class RabbitMqContractTest {

    @Nested
    class Quorum implements SourceContract {
        @Override
        public Harness newHarness() {
            return new RabbitMqHarness("RabbitMQ, quorum queue", UnaryOperator.identity());
        }
    }

    @Nested
    class Classic implements SourceContract {
        @Override
        public Harness newHarness() {
            return new RabbitMqHarness(
                    "RabbitMQ, classic queue", builder -> builder.classic().withoutRetryQueues());
        }
    }
}
