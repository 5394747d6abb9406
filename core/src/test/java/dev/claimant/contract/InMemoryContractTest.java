package dev.claimant.contract;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Capabilities.Ordering;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** The reference source keeps the contract, whatever it declares. */
class InMemoryContractTest {

    @Nested
    class Everything implements SourceContract {
        @Override
        public Harness newHarness() {
            return everything();
        }
    }

    @Nested
    class TheLeast implements SourceContract {
        @Override
        public Harness newHarness() {
            return least();
        }
    }

    @Nested
    class ConnectionLocks implements SourceContract {
        @Override
        public Harness newHarness() {
            return connectionLocks();
        }
    }

    static InMemoryHarness everything() {
        return new InMemoryHarness("In memory, everything", InMemoryQueue.allCapabilities());
    }

    static InMemoryHarness least() {
        return new InMemoryHarness(
                "In memory, the least",
                Capabilities.builder(Duration.ofSeconds(30)).build());
    }

    /** As a push broker: locks that are the connection, order within a worker. */
    static InMemoryHarness connectionLocks() {
        return new InMemoryHarness(
                "In memory, connection locks",
                Capabilities.builder(Duration.ofSeconds(30))
                        .lock(Lock.CONNECTION)
                        .ordering(Ordering.PER_WORKER)
                        .releaseCounted(false)
                        .crashesCounted(true)
                        .deadLetters(true)
                        .settlementConfirmed(false)
                        .claimers(3)
                        .build());
    }
}
