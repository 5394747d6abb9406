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
import dev.claimant.contract.Sending;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.Right;
import dev.claimant.servicebusserver.ServiceBusServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
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
    void theEmulatorsFlagIsRefusedForHostsThatAreNotLocal() {
        ServiceBusConfig.Builder builder = ServiceBusConfig.queue("orders")
                .connectionString(
                        "Endpoint=sb://orders.servicebus.windows.net;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true");
        ConfigurationException failure = catchThrowableOfType(ConfigurationException.class, builder::build);
        assertThat(failure).hasMessageContaining("UseDevelopmentEmulator");
        assertThat(builder.emulatorAnywhere().build()).isNotNull();
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
                ConfigurationException failure =
                        catchThrowableOfType(ConfigurationException.class, () -> without.open(Rig.PLAN, new Ignored()));
                assertThat(failure).hasMessageContaining("lockLength");
            }
            try (ServiceBusSource source =
                    ServiceBusSource.of(config.lockLength(TestEntity.LOCK).build())) {
                assertThat(source.open(Rig.PLAN, new Ignored()).lockLength()).isEqualTo(TestEntity.LOCK);
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
            source.open(Rig.PLAN, new Ignored());
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
            assertThatThrownBy(() -> source.open(Rig.PLAN, new Ignored()))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("lockLength");
        }
    }

    @Test
    void aMissingQueueAndAWrongKeyAreNamed() {
        try (ServiceBusServer server = ServiceBusServer.start()) {
            server.addQueue("orders", EntityOptions.defaults());
            assertThat(openingFails(server, "absent", server.connectionString()))
                    .contains("queue:", "absent");
            assertThat(openingFails(
                            server, "orders", ServiceBusServer.connectionString(server.port(), "nobody", "wrong-key")))
                    .contains("connectionString:")
                    .doesNotContain("wrong-key");
        }
    }

    private static String openingFails(ServiceBusServer server, String queue, String connectionString) {
        try (ServiceBusSource source = ServiceBusSource.of(ServiceBusConfig.queue(queue)
                .connectionString(connectionString)
                .administrationEndpoint("http://localhost:" + server.adminPort())
                .build())) {
            return String.valueOf(
                    catchThrowableOfType(ConfigurationException.class, () -> source.open(Rig.PLAN, new Ignored()))
                            .getMessage());
        }
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

    /** Nobody to tell. */
    private static final class Ignored implements dev.claimant.spi.Events {
        @Override
        public void lost(java.util.List<Claim> claims) {}

        @Override
        public void endangered(java.util.List<Claim> claims, Duration finishWithin) {}

        @Override
        public void wake() {}
    }
}
