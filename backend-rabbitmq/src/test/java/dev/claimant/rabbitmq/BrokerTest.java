package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BrokerTest {

    @Test
    void moreIsClaimedAheadOnlyWhereACrashCountsNothing() {
        assertThat(new Broker("3.10.8", true).mostAhead()).isEqualTo(250);
        assertThat(new Broker("4.3.0", true).mostAhead()).isEqualTo(250);
        assertThat(new Broker("3.10.8", false).mostAhead()).isEqualTo(1_000);
    }
}
