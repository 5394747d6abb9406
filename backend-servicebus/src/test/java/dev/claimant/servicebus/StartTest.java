package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.NoEvents;
import dev.claimant.contract.Sending;
import dev.claimant.servicebusserver.Right;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings, what is checked at the start, and how messages are read. */
class StartTest {

    @Test
    void everySettingThatCannotBeUsedIsReportedAtOnce() {
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class,
                () -> ServiceBusConfig.queue(" ")
                        .connectionString("SharedAccessKeyName=a;SharedAccessKey=very-secret")
                        .requestTimeout(Duration.ZERO)
                        .lockLength(Duration.ofMinutes(6))
                        .administrationEndpoint("ftp://x")
                        .build());
        assertThat(failure.problems()).hasSize(5);
        assertThat(failure)
                .hasMessageContainingAll(
                        "queue:", "connectionString:", "requestTimeout:", "lockLength:", "administrationEndpoint:")
                .hasMessageNotContainingAny("very-secret");
    }

    @Test
    void theLengthOfALockIsAskedForWhereTheKeyMayManage() {
        try (Rig rig = new Rig()) {
            assertThat(rig.capabilities.lockLength()).isEqualTo(TestEntity.LOCK);
        }
    }

    @Test
    void aKeyThatMayOnlyListenNeedsTheLengthOfALockAndHasNoBacklog() {
        try (TestEntity entity = new TestEntity(null)) {
            String listen = entity.server.addKey("worker", "secret", Right.LISTEN);
            ServiceBusConfig.Builder config = entity.config().connectionString(listen);
            try (ServiceBusSource without = ServiceBusSource.of(config.build())) {
                ConfigurationException failure = catchThrowableOfType(
                        ConfigurationException.class, () -> without.open(Rig.PLAN, NoEvents.INSTANCE));
                assertThat(failure).hasMessageContaining("lockLength");
            }
            try (ServiceBusSource source =
                    ServiceBusSource.of(config.lockLength(TestEntity.LOCK).build())) {
                assertThat(source.open(Rig.PLAN, NoEvents.INSTANCE).lockLength())
                        .isEqualTo(TestEntity.LOCK);
                assertThat(catchThrowableOfType(SourceException.class, source::backlog))
                        .hasMessageContaining("Manage");
            }
        }
    }

    /** HTTPS is blocked in many clusters; then not even an answer comes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWorkerWithTheLengthOfALockNeedsNoAdministrationApi(boolean sessions) throws IOException {
        try (TestEntity entity =
                        new TestEntity(null, sessions ? TestEntity.OPTIONS.requireSession() : TestEntity.OPTIONS);
                ServerSocket silent = new ServerSocket(0);
                ServiceBusSource source = ServiceBusSource.of(entity.config()
                        .connectionString(entity.server.addKey("worker", "secret", Right.LISTEN))
                        .administrationEndpoint("http://localhost:" + silent.getLocalPort())
                        .lockLength(TestEntity.LOCK)
                        .build())) {
            String id = entity.send(new Sending(new byte[1], Map.of(), null));
            source.open(Rig.PLAN, NoEvents.INSTANCE);
            Claim claim = Rig.claim(source, 1).get(0);
            assertThat(claim.id()).isEqualTo(id);
            assertThat(source.settle(List.of(new Complete(claim)), TestEntity.PATIENCE))
                    .containsExactly(Verdict.APPLIED);

            silent.setSoTimeout(1);
            assertThatThrownBy(silent::accept).isInstanceOf(SocketTimeoutException.class); // nobody has asked
        }
    }

    @Test
    void whereTheAdministrationApiCannotBeReachedTheErrorSaysHowToDoWithoutIt() throws IOException {
        try (TestEntity entity = new TestEntity(null);
                ServerSocket silent = new ServerSocket(0);
                ServiceBusSource source = ServiceBusSource.of(entity.config()
                        .administrationEndpoint("http://localhost:" + silent.getLocalPort())
                        .requestTimeout(Duration.ofSeconds(1))
                        .build())) {
            assertThatThrownBy(() -> source.open(Rig.PLAN, NoEvents.INSTANCE))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("lockLength");
        }
    }

    @Test
    void allThatIsWrongWithTheEntityIsReportedAtOnce() {
        try (TestEntity entity =
                        new TestEntity(null, TestEntity.OPTIONS.requireSession().maxDeliveryCount(3));
                ServiceBusSource source = ServiceBusSource.of(ServiceBusConfig.queue("orders")
                        .connectionString(entity.server.connectionString())
                        .administrationEndpoint("http://localhost:" + entity.server.adminPort())
                        .build())) {
            entity.server.describe("orders", "ForwardTo", "elsewhere");
            ConfigurationException failure =
                    catchThrowableOfType(ConfigurationException.class, () -> source.open(Rig.PLAN, NoEvents.INSTANCE));
            assertThat(failure.problems()).hasSize(3);
            assertThat(failure).hasMessageContainingAll("sessions:", "forwardTo:", "'elsewhere'", "maxDeliveryCount:");
        }
    }

    @Test
    void thatAnEntityIsPartitionedIsSaid() {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (TestEntity entity = new TestEntity(null);
                ServiceBusSource source = ServiceBusSource.of(entity.config().build())) {
            entity.server.describe("orders", "EnablePartitioning", "true");
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            source.open(Rig.PLAN, NoEvents.INSTANCE);
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("'orders' is partitioned");
    }

    @Test
    void propertiesBecomeTextAndTheKeyIsTheProducersOwnOrTheMessageId() {
        try (Rig rig = new Rig()) {
            ServiceBusMessage message = new ServiceBusMessage("typed").setMessageId("id-7");
            UUID uuid = UUID.randomUUID();
            message.getApplicationProperties().put("number", 7L);
            message.getApplicationProperties().put("flag", true);
            message.getApplicationProperties().put("uuid", uuid);
            rig.entity.send(message);
            Claim claim = rig.claim();
            assertThat(claim.message().headers())
                    .containsEntry("number", "7")
                    .containsEntry("flag", "true")
                    .containsEntry("uuid", uuid.toString());
            assertThat(claim.message().idempotencyKey()).isEqualTo("id-7");

            ServiceBusMessage keyed = new ServiceBusMessage("keyed").setMessageId("id-8");
            keyed.getApplicationProperties().put(Messages.IDEMPOTENCY_KEY, "order-8");
            rig.entity.send(keyed);
            assertThat(rig.claim().message().idempotencyKey()).isEqualTo("order-8");
        }
    }

    @Test
    void aBodyOfAnAmqpValueIsTextAndASequenceIsUnusable() {
        try (Rig rig = new Rig()) {
            rig.entity.send(new ServiceBusMessage(com.azure.core.amqp.models.AmqpMessageBody.fromValue("a text")));
            assertThat(rig.claim().text()).isEqualTo("a text");
            rig.entity.send(new ServiceBusMessage(
                    com.azure.core.amqp.models.AmqpMessageBody.fromSequence(java.util.List.of(1, 2))));
            assertThat(rig.claim().unusable()).contains("SEQUENCE");
        }
    }
}
