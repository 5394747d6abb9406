package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfigTest {

    private static final String QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders";

    @Test
    void allProblemsAreReportedAtOnceEachWithItsSetting() {
        assertThatThrownBy(() -> SqsConfig.queue("orders")
                        .deadLetterQueue("ftp://x/y")
                        .lockLength(Duration.ofMillis(1_500))
                        .longestLock(Duration.ofHours(13))
                        .longestPoll(Duration.ofSeconds(21))
                        .requestTimeout(Duration.ZERO)
                        .endpoint("localhost:9324")
                        .build())
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .hasSize(7)
                                .anySatisfy(problem -> assertThat(problem).startsWith("queue: 'orders'"))
                                .anySatisfy(problem -> assertThat(problem).startsWith("deadLetterQueue: 'ftp://x/y'"))
                                .anySatisfy(problem -> assertThat(problem).startsWith("lockLength: PT1.5S"))
                                .anySatisfy(problem -> assertThat(problem).startsWith("longestLock: PT13H"))
                                .anySatisfy(problem -> assertThat(problem).startsWith("longestPoll: PT21S"))
                                .anySatisfy(problem -> assertThat(problem).startsWith("requestTimeout: PT0S"))
                                .anySatisfy(problem -> assertThat(problem).startsWith("endpoint: 'localhost:9324'")));
    }

    @Test
    void theDeadLetterQueueMustBeAnotherOfTheSameKind() {
        assertThatThrownBy(() -> SqsConfig.queue(QUEUE).deadLetterQueue(QUEUE).build())
                .hasMessageContaining("is the queue itself");
        assertThatThrownBy(() -> SqsConfig.queue(QUEUE + ".fifo")
                        .deadLetterQueue(QUEUE + "-dead")
                        .build())
                .hasMessageContaining("must be a FIFO queue");
    }

    @Test
    void theRegionIsInTheUrl() {
        assertThat(SqsConfig.queue(QUEUE).build().region).isEqualTo("eu-west-1");
        assertThat(SqsConfig.queue(QUEUE).region("eu-west-2").build().region).isEqualTo("eu-west-2");
        assertThat(SqsConfig.queue("http://localhost:9324/000000000000/orders").build().region)
                .isNull();
    }

    @Test
    void anArnNamesAQueueBesideThisOne() {
        assertThat(SqsConfig.queue(QUEUE).build().queue.sibling("arn:aws:sqs:eu-west-1:210987654321:orders-dead"))
                .hasToString("https://sqs.eu-west-1.amazonaws.com/210987654321/orders-dead");
    }
}
