package dev.claimant.servicebus;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract on a queue and on a subscription of the server for tests. */
@Execution(ExecutionMode.CONCURRENT)
class ServiceBusContractTest {

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Queue implements SourceContract {
        @Override
        public Harness newHarness() {
            return new ServiceBusHarness("Service Bus queue, servicebus-server", null);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Subscription implements SourceContract {
        @Override
        public Harness newHarness() {
            return new ServiceBusHarness("Service Bus subscription, servicebus-server", "billing");
        }
    }
}
