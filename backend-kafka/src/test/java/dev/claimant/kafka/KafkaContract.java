package dev.claimant.kafka;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;
import java.lang.reflect.Method;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** The contract on one group protocol. Its rules wait most of their time, so they run side by side. */
abstract class KafkaContract implements SourceContract {

    private final String protocol;
    private boolean restarts;

    KafkaContract(String protocol) {
        this.protocol = protocol;
    }

    @BeforeEach
    void look(TestInfo rule) {
        restarts = rule.getTestMethod().map(Method::getName).orElse("").endsWith("Restart");
    }

    @Override
    public Harness newHarness() {
        return new KafkaHarness(protocol, restarts);
    }
}
