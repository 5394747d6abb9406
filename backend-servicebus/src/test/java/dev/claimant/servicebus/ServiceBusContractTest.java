package dev.claimant.servicebus;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.Switch;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract on a queue, a subscription and a queue with sessions of the server for tests. */
@Execution(ExecutionMode.CONCURRENT)
class ServiceBusContractTest {

    /** Those that are on where none is asked for by its name; {@code bin/test-servicebus switches} turns on one after the other. */
    private static final Switch[] GIVEN = Pattern.compile(",")
            .splitAsStream(System.getProperty("claimant.servicebus.switches", ""))
            .filter(name -> !name.isEmpty())
            .map(Switch::valueOf)
            .toArray(Switch[]::new);

    private static Harness harness(String entity, @Nullable String subscription, EntityOptions options) {
        String with = GIVEN.length == 0 ? "" : ", " + List.of(GIVEN) + " on";
        return new ServiceBusHarness(
                "Service Bus " + entity + ", servicebus-server" + with, new TestEntity(subscription, options, GIVEN));
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Queue implements SourceContract {
        @Override
        public Harness newHarness() {
            Harness given = GivenHarness.ofEnvironment();
            return given != null ? given : harness("queue", null, TestEntity.OPTIONS);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Sessions implements SourceContract {
        @Override
        public Harness newHarness() {
            return harness("sessions", null, TestEntity.OPTIONS.requireSession());
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Subscription implements SourceContract {
        @Override
        public Harness newHarness() {
            return harness("subscription", "billing", TestEntity.OPTIONS);
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
