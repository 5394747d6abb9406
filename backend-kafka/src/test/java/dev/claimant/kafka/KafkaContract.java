package dev.claimant.kafka;

import dev.claimant.contract.Harness;
import dev.claimant.contract.SourceContract;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** The contract on one group protocol. Its rules wait most of their time, so they run side by side. */
abstract class KafkaContract implements SourceContract {

    private final String protocol;
    private final List<Duration> retryTopics;
    private boolean restarts;

    KafkaContract(String protocol, Duration... retryTopics) {
        this.protocol = protocol;
        this.retryTopics = List.of(retryTopics);
    }

    @BeforeEach
    void look(TestInfo rule) {
        restarts = rule.getTestMethod().map(Method::getName).orElse("").endsWith("Restart");
    }

    @Override
    public Harness newHarness() {
        return new KafkaHarness(protocol, retryTopics, restarts);
    }
}
