package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.claimant.ConfigurationException;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which queues a source starts on, and what it says of others. */
class StartTest {

    private final TestServer server = TestServer.get();
    private final String management = Objects.requireNonNull(
            server.management(), "CLAIMANT_RABBITMQ_MANAGEMENT_URL belongs to CLAIMANT_RABBITMQ_URL");
    private final String queue = "start-" + UUID.randomUUID();
    private final RabbitMqConfig config =
            RabbitMqConfig.queue(server.uri(), queue).build();
    private final Connection connection = new Connections(config).open("test");
    private final Channel channel;

    StartTest() throws IOException {
        channel = Connections.channel(connection);
    }

    @AfterEach
    void close() throws IOException {
        for (String name : Topology.retryQueues(config)) {
            channel.queueDelete(name);
        }
        channel.queueDelete(queue);
        channel.queueDelete(queue + ".dead");
        connection.abort();
    }

    @Test
    void whatIsMissingIsDeclaredOnRequestOnly() throws IOException {
        assertThatThrownBy(() -> open(RabbitMqConfig.queue(server.uri(), queue)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'" + queue + "'", "'" + queue + ".dead'", "'" + queue + ".retry.1s'")
                .hasMessageNotContaining("; queue: "); // one sentence, however many queues it names

        open(RabbitMqConfig.queue(server.uri(), queue).declare());

        for (String name : Topology.retryQueues(config)) {
            assertThat(ManagementApi.arguments(management, name))
                    .containsEntry("x-queue-type", "quorum")
                    .containsEntry("x-dead-letter-strategy", "at-least-once")
                    .containsEntry("x-overflow", "reject-publish")
                    .containsEntry("x-dead-letter-routing-key", queue);
        }
        assertThatCode(() -> open(RabbitMqConfig.queue(server.uri(), queue).management(management)))
                .doesNotThrowAnyException();
    }

    @Test
    void oneMissingAmongManyIsNamedAloneAndDeclaredAlone() throws IOException {
        RabbitMqSource.declare(config);
        String missing = queue + ".retry.64s";
        channel.queueDelete(missing);

        assertThatThrownBy(() -> open(RabbitMqConfig.queue(server.uri(), queue)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(" has no '" + missing + "'; let")
                .hasMessageNotContainingAny("'" + queue + "'", ".retry.16s", ".retry.256s", ".dead");
        assertThatCode(() -> open(RabbitMqConfig.queue(server.uri(), queue).declare()))
                .doesNotThrowAnyException();

        assertThatCode(() -> open(RabbitMqConfig.queue(server.uri(), queue))).doesNotThrowAnyException();
    }

    @Test
    void aQueueThatIsNotForUsIsNamedWithTheBrokersReason() throws IOException {
        RabbitMqSource.declare(config);
        channel.queueDelete(queue + ".dead");
        channel.queueDeclare(queue + ".dead", false, true, false, Map.of());

        assertThatThrownBy(() -> open(RabbitMqConfig.queue(server.uri(), queue)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'" + queue + ".dead' cannot be used", "exclusive access")
                .hasMessageNotContaining(".retry.");
    }

    @Test
    void aDeliveryLimitThatDropsMessagesIsRefused() throws IOException {
        declare(Map.of("x-delivery-limit", 3));

        assertThatThrownBy(() -> open(alone())).hasMessageContainingAll("'" + queue + "'", "delivery limit");
    }

    @Test
    void aDeliveryLimitByPolicyIsSeenToo() throws IOException {
        declare(Map.of());
        String policy = "/api/policies/%2F/" + queue;
        ManagementApi.put(
                management,
                policy,
                "{\"pattern\":\"^" + queue + "$\",\"definition\":{\"delivery-limit\":3},\"apply-to\":\"queues\"}");
        try {
            await().untilAsserted(
                            () -> // the API's numbers come late, and so does what it says of policies
                            assertThatThrownBy(() -> open(alone()))
                                    .hasMessageContainingAll("'" + queue + "'", "delivery limit"));
        } finally {
            ManagementApi.delete(management, policy);
        }
    }

    @Test
    void aDeliveryLimitWithADeadLetterExchangeThatLeavesTheWorkerItsAttemptsIsFine() throws IOException {
        declare(Map.of("x-delivery-limit", 14, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "somewhere"));

        assertThatCode(() -> open(alone())).doesNotThrowAnyException();
    }

    @Test
    void aDeliveryLimitThatEndsMessagesBeforeTheWorkerDoesIsRefusedWithBothNumbers() throws IOException {
        declare(Map.of("x-delivery-limit", 3, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "somewhere"));

        assertThatThrownBy(() -> open(alone()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "delivery limit of 3 ", "after 4 deliveries", " attempts, those that releases");
    }

    @Test
    void aSettingBeyondTheQueuesOwnConsumerTimeoutIsRefusedWhereTheBrokerHeedsThat() throws IOException {
        declare(Map.of("x-consumer-timeout", 60_000, "x-dead-letter-exchange", ""));

        ThrowingCallable longer = () -> open(alone().consumerTimeout(Duration.ofMinutes(30)));
        ThrowingCallable longHandlers = () -> open(alone(), Duration.ofMinutes(10));
        if (heedsTimeoutsOfQueues()) {
            assertThatThrownBy(longer)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("consumerTimeout: PT30M", "PT1M ", "'" + queue + "'");
            assertThatThrownBy(longHandlers).hasMessageContainingAll("consumerTimeout: PT1M,", "PT10M");
        } else {
            assertThatCode(longer).doesNotThrowAnyException();
            assertThatCode(longHandlers).doesNotThrowAnyException();
        }
    }

    @Test
    void aConsumerTimeoutByPolicyIsSeenTooWhereTheBrokerKnowsSuch() throws IOException {
        declare(Map.of("x-dead-letter-exchange", ""));
        String policy = "/api/policies/%2F/" + queue;
        ThrowingCallable put = () -> ManagementApi.put(
                management,
                policy,
                "{\"pattern\":\"^" + queue
                        + "$\",\"definition\":{\"consumer-timeout\":60000},\"apply-to\":\"queues\"}");
        if (!heedsTimeoutsOfQueues()) {
            assertThatThrownBy(put).hasMessageContaining("not recognised policy settings");
            return;
        }
        assertThatCode(put).doesNotThrowAnyException();
        try {
            await().untilAsserted(() -> assertThatThrownBy(() -> open(alone(), Duration.ofMinutes(10)))
                    .hasMessageContainingAll("consumerTimeout: PT1M,", "PT10M"));
        } finally {
            ManagementApi.delete(management, policy);
        }
    }

    private boolean heedsTimeoutsOfQueues() {
        return Broker.of(connection, config).hasTimeoutsOfQueues();
    }

    @Test
    void aQueueOfTheOtherKindIsRefused() throws IOException {
        declare(Map.of("x-dead-letter-exchange", ""));

        assertThatThrownBy(() -> open(alone().classic()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("classic", "'" + queue + "'");
    }

    private void declare(Map<String, Object> arguments) throws IOException {
        Map<String, Object> all = new HashMap<>(arguments);
        all.put("x-queue-type", "quorum");
        channel.queueDeclare(queue, true, false, false, all);
    }

    /** Needs no queue but the one. */
    private RabbitMqConfig.Builder alone() {
        return RabbitMqConfig.queue(server.uri(), queue)
                .management(management)
                .withoutRetryQueues()
                .withoutDeadLetters();
    }

    private static void open(RabbitMqConfig.Builder config) {
        open(config, null);
    }

    private static void open(RabbitMqConfig.Builder config, @Nullable Duration handlerTimeout) {
        try (Source source = RabbitMqSource.of(config.build())) {
            source.open(
                    new Plan("test", 4, 16, 5, handlerTimeout, null, Duration.ofMinutes(10), false, false),
                    new Heard());
        } catch (ConfigurationException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
