package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyTest {

    private final RabbitMqConfig config = RabbitMqConfig.queue("amqp://localhost", "work")
            .longestRetry(Duration.ofSeconds(100))
            .build();

    @ParameterizedTest
    @CsvSource({"PT0.001S, 1", "PT1S, 1", "PT1.001S, 4", "PT4S, 4", "PT5S, 16", "PT64S, 64", "PT65S, 256", "PT100S, 256"
    })
    void aDelayIsKeptInTheShortestQueueThatIsLongEnough(Duration delay, long seconds) {
        assertThat(Topology.retryQueue(config, delay)).isEqualTo("work.retry." + seconds + "s");
        assertThat(Topology.retryQueues(config)).contains("work.retry." + seconds + "s");
    }

    @Test
    void thereIsAQueueForEachPowerOfFourUpToTheLongestDelay() {
        assertThat(Topology.retryQueues(config))
                .hasSize(5)
                .startsWith("work.retry.1s")
                .endsWith("work.retry.256s");
    }

    @Test
    void aLongerDelayComesBackAfterTheLongest() {
        assertThat(Topology.kept(config, Duration.ofDays(1))).isEqualTo(Duration.ofSeconds(100));
    }

    @Test
    void everySettingThatCannotBeUsedIsNamedAndNoPasswordShown() {
        RabbitMqConfig.Builder builder = RabbitMqConfig.queue("http://me:secret@host", "amq.mine")
                .management("ftp://me:secret@host")
                .longestRetry(Duration.ZERO)
                .consumerTimeout(Duration.ofSeconds(1))
                .requestTimeout(Duration.ofHours(1));

        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "uri: ", "management: ", "queue: ", "longestRetry: ", "consumerTimeout: ", "requestTimeout: ")
                .hasMessageNotContaining("secret");
    }

    @Test
    void parametersOfTheAddressAreRefusedWithTheSettingThatStandsForThem() {
        assertThatThrownBy(() -> RabbitMqConfig.queue(
                                "amqps://host/v?verify=verify_peer&heartbeat=5&cacertfile=x&channel_max=7", "work")
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "heartbeat is not read; set requestTimeout",
                        "cacertfile is not read; set certificateAuthority",
                        "channel_max is not read; leave it out")
                .hasMessageNotContaining("verify");
    }

    @Test
    void namesAreAsLongAsTheBrokerTakesThemInBytes() {
        String longest = "ä".repeat(124); // 248 bytes

        assertThat(RabbitMqConfig.queue("amqp://host", longest)
                        .withoutRetryQueues()
                        .build()
                        .queue)
                .isEqualTo(longest);
        assertThatThrownBy(() -> RabbitMqConfig.queue("amqp://host", longest).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("248", "retry queues are 12 bytes longer");
        assertThatThrownBy(() -> RabbitMqConfig.queue("amqp://host", longest + "äää")
                        .withoutRetryQueues()
                        .build())
                .hasMessageContainingAll("deadLetterQueue: ", "it has 259");
    }

    @Test
    @SuppressWarnings("NullAway") // an application that does not check what it passes
    void whatIsNullIsNamed() {
        assertThatThrownBy(() ->
                        RabbitMqConfig.queue(null, null).requestTimeout(null).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("uri: null", "queue: null", "requestTimeout: null");
    }
}
