package dev.claimant.postgres;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;
import org.junit.jupiter.api.Nested;

/** Both modes keep the contract of a source. */
class PostgresContractTest {

    @Nested
    class Queue implements SourceContract {
        @Override
        public Harness newHarness() {
            return new QueueHarness();
        }
    }

    @Nested
    class WorkTable implements SourceContract {
        @Override
        public Harness newHarness() {
            return new TableHarness();
        }
    }
}
