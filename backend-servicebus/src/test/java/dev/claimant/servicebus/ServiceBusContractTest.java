package dev.claimant.servicebus;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;
import dev.claimant.servicebusserver.Switch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract on a queue, a subscription and a queue with sessions of the server for tests. */
@Execution(ExecutionMode.CONCURRENT)
class ServiceBusContractTest {

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Queue implements SourceContract {
        @Override
        public Harness newHarness() {
            Harness given = GivenHarness.ofEnvironment();
            return given != null
                    ? given
                    : new ServiceBusHarness("Service Bus queue, servicebus-server", new TestEntity(null));
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Sessions implements SourceContract {
        @Override
        public Harness newHarness() {
            return new ServiceBusHarness(
                    "Service Bus sessions, servicebus-server",
                    new TestEntity(null, TestEntity.OPTIONS.requireSession()));
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Subscription implements SourceContract {
        @Override
        public Harness newHarness() {
            return new ServiceBusHarness("Service Bus subscription, servicebus-server", new TestEntity("billing"));
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class ScheduledRetries implements SourceContract {
        @Override
        public Harness newHarness() {
            return new ServiceBusHarness(
                    "Service Bus queue with scheduled retries, servicebus-server",
                    new TestEntity(null).scheduledRetries());
        }
    }

    /** What is not known of Azure, the other way: the contract holds all the same. */
    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class QueueWithSwitches implements SourceContract {
        @Override
        public Harness newHarness() {
            return new ServiceBusHarness(
                    "Service Bus queue, switches of servicebus-server on", new TestEntity(null, Switch.values()));
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class SessionsWithSwitches implements SourceContract {
        @Override
        public Harness newHarness() {
            return new ServiceBusHarness(
                    "Service Bus sessions, switches of servicebus-server on",
                    new TestEntity(null, TestEntity.OPTIONS.requireSession(), Switch.values()));
        }
    }
}
