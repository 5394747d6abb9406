package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.contract.FreePorts;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.RetryDelay;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues that exist and are not what they must be: messages would vanish in them. */
class WrongQueuesTest {

    private final TestServer server = TestServer.get();
    private final String management = Objects.requireNonNull(
            server.management(), "CLAIMANT_RABBITMQ_MANAGEMENT_URL belongs to CLAIMANT_RABBITMQ_URL");
    private final String queue = "wrong-" + UUID.randomUUID();
    private final RabbitMqConfig config = config().build();
    private final Connection connection = new Connections(config).open("test");
    private final Channel channel;

    WrongQueuesTest() throws IOException {
        channel = Connections.channel(connection);
    }

    @AfterEach
    void close() throws IOException {
        for (String name : Topology.names(config)) {
            channel.queueDelete(name);
        }
        connection.abort();
    }

    private RabbitMqConfig.Builder config() {
        return RabbitMqConfig.queue(server.uri(), queue).longestRetry(Duration.ofSeconds(4));
    }

    private RabbitMqConfig.Builder config(boolean managed) {
        return managed ? config().management(management) : config();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void retryQueuesWithoutTheirArgumentsAreAllNamed(boolean managed) throws IOException {
        RabbitMqSource.declare(config);
        for (String name : Topology.retryQueues(config)) {
            declareAnew(name, Map.of("x-queue-type", "quorum"));
        }

        assertThatThrownBy(() -> open(config(managed)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'" + queue + ".retry.1s'", "'" + queue + ".retry.4s'", "lost");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRetryQueueThatHandsItsMessagesToAnotherQueueIsNamed(boolean managed) throws IOException {
        RabbitMqSource.declare(config);
        declareAnew(queue + ".retry.4s", changed("x-dead-letter-routing-key", queue + "-not-this"));

        assertThatThrownBy(() -> open(config(managed)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'" + queue + ".retry.4s'", "x-dead-letter-routing-key")
                .hasMessageNotContaining("'" + queue + ".retry.1s'");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRetryQueueThatHandsMessagesBackTooSoonIsNamed(boolean managed) throws IOException {
        RabbitMqSource.declare(config);
        declareAnew(queue + ".retry.4s", changed("x-message-ttl", 10L));

        assertThatThrownBy(() -> open(config(managed)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'" + queue + ".retry.4s'", "10");
    }

    @Test
    void whereNobodyCanSeeTheRetryQueuesTheWorkerHoldsMessagesInstead() throws Exception {
        RabbitMqSource.declare(config);
        for (String name : Topology.retryQueues(config)) {
            declareAnew(name, Map.of("x-queue-type", "quorum"));
        }
        try (TestUser user = TestUser.withoutRightsToConfigure(queue);
                Source source = RabbitMqSource.of(RabbitMqConfig.queue(user.uri(), queue)
                        .longestRetry(Duration.ofSeconds(4))
                        .build())) {
            assertThat(open(source).retryDelay()).isEqualTo(RetryDelay.HELD);
            channel.basicPublish("", queue, null, new byte[0]);
            Claim claim = source.claim(1, Duration.ofSeconds(10)).get(0);

            assertThat(source.settle(List.of(new Retry(claim, Duration.ofSeconds(1), "failed")), Duration.ofSeconds(5)))
                    .containsExactly(Verdict.APPLIED);

            assertThat(source.claim(1, Duration.ofSeconds(10)))
                    .as("the message is not lost")
                    .hasSize(1);
        }
    }

    @Test
    void anAdministratorsWordIsEnoughForRetryQueuesThatNobodyCanSee() throws Exception {
        RabbitMqSource.declare(config);
        try (TestUser user = TestUser.withoutRightsToConfigure(queue);
                Source source = RabbitMqSource.of(RabbitMqConfig.queue(user.uri(), queue)
                        .longestRetry(Duration.ofSeconds(4))
                        .trustRetryQueues()
                        .build())) {
            assertThat(open(source).retryDelay()).isEqualTo(RetryDelay.NATIVE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aQueueThatIsDeletedWithItsLastConsumerIsRefused(boolean managed) throws IOException {
        RabbitMqSource.declare(config);
        channel.queueDelete(queue);
        channel.queueDeclare(queue, true, false, true, Map.of("x-queue-type", "classic"));

        assertThatThrownBy(() -> open(config(managed).classic()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'" + queue + "'", "auto");
    }

    @Test
    void whereThatCannotBeSeenTheLastConsumerStays() throws Exception {
        RabbitMqSource.declare(config);
        channel.queueDelete(queue);
        channel.queueDeclare(queue, true, false, true, Map.of("x-queue-type", "classic"));
        try (TestUser user = TestUser.withoutRightsToConfigure(queue);
                Source source = RabbitMqSource.of(RabbitMqConfig.queue(user.uri(), queue)
                        .longestRetry(Duration.ofSeconds(4))
                        .classic()
                        .build())) {
            open(source);
            for (int i = 0; i < 5; i++) {
                channel.basicPublish("", queue, null, new byte[0]);
            }
            List<Claim> claimed = new ArrayList<>();
            while (claimed.size() < 5) {
                List<Claim> claims = source.claim(2, Duration.ofSeconds(10));
                assertThat(claims).as("the queue lives, with what it holds").isNotEmpty();
                claims.forEach(claim -> source.settle(List.of(new Complete(claim)), Duration.ofSeconds(5)));
                claimed.addAll(claims);
            }
            assertThat(source.claim(2, Duration.ofMillis(50))).isEmpty();
            source.stopClaiming();

            assertThat(channel.queueDeclarePassive(queue).getConsumerCount()).isEqualTo(1);
        }
    }

    @Test
    void aDeadLetterQueueThatVanishesIsRefusedAndOneThatForgetsIsNot() throws IOException {
        RabbitMqSource.declare(config);
        String dead = queue + ".dead";
        declareAnew(dead, Map.of("x-queue-type", "quorum", "x-message-ttl", 86_400_000));
        assertThatCode(() -> open(config(true))).doesNotThrowAnyException();
        assertThatCode(() -> open(config(false))).doesNotThrowAnyException();

        declareAnew(dead, Map.of("x-queue-type", "quorum", "x-expires", 86_400_000));
        assertThatThrownBy(() -> open(config(true))).hasMessageContainingAll("'" + dead + "'", "expires");
        assertThatThrownBy(() -> open(config(false))).hasMessageContainingAll("'" + dead + "'", "expires");
    }

    @Test
    void aStreamIsRefusedWithoutTheManagementApiToo() throws IOException {
        RabbitMqSource.declare(config);
        declareAnew(queue, Map.of("x-queue-type", "stream"));

        assertThatThrownBy(() -> open(config(false)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("'" + queue + "'", "stream");
        assertThatThrownBy(() -> open(config(true))).hasMessageContaining("stream");
    }

    @Test
    void aManagementApiThatIsDownDoesNotPreventTheStart() throws IOException {
        RabbitMqSource.declare(config);
        String nobody = "http://guest:guest@127.0.0.1:" + FreePorts.next();

        assertThatCode(() -> open(config().management(nobody))).doesNotThrowAnyException();
    }

    private Map<String, Object> changed(String argument, Object value) {
        Map<String, Object> arguments =
                new HashMap<>(Objects.requireNonNull(Topology.queues(config).get(queue + ".retry.4s")));
        arguments.put(argument, value);
        return arguments;
    }

    private void declareAnew(String name, Map<String, Object> arguments) throws IOException {
        channel.queueDelete(name);
        channel.queueDeclare(name, true, false, false, arguments);
    }

    private static Capabilities open(RabbitMqConfig.Builder config) {
        try (Source source = RabbitMqSource.of(config.build())) {
            return open(source);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Capabilities open(Source source) {
        return source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
    }
}
