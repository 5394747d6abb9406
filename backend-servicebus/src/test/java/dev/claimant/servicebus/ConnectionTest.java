package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.contract.NoEvents;
import dev.claimant.contract.Sending;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.Right;
import dev.claimant.servicebusserver.ServiceBusServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the namespace is and what a key may do there: what is wrong with it is named, and no key is shown. */
class ConnectionTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:5673", "[::1]:5673"})
    void theEmulatorsFlagIsTakenForHostsThatAreLocal(String host) {
        assertThat(ServiceBusConfig.queue("orders")
                        .connectionString("Endpoint=sb://" + host
                                + ";SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true")
                        .build())
                .isNotNull();
    }

    @Test
    void aConnectionStringOfAnotherEntityIsRefused() {
        ServiceBusConfig.Builder builder = ServiceBusConfig.subscription("orders", "billing")
                .connectionString(
                        "Endpoint=sb://orders.servicebus.windows.net;SharedAccessKeyName=a;SharedAccessKey=b;EntityPath=invoices");
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("connectionString:", "'invoices'", "'orders'");
    }

    @Test
    void aConnectionStringOfTheEntityItselfIsEnough() {
        try (TestEntity entity = new TestEntity(null);
                ServiceBusSource source = ServiceBusSource.of(entity.config()
                        .connectionString(entity.server.connectionString() + ";EntityPath=orders")
                        .build())) {
            String id = entity.send(new Sending(new byte[1], Map.of(), null));
            source.open(Rig.PLAN, NoEvents.INSTANCE);
            assertThat(Rig.claim(source, 1).get(0).id()).isEqualTo(id);
            assertThat(source.backlog().scaler()).isEqualTo(1);
        }
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
    void aKeyThatMayNotListenIsNamedWithTheRight() {
        try (TestEntity entity = new TestEntity(null);
                ServiceBusSource source = ServiceBusSource.of(entity.config()
                        .connectionString(entity.server.addKey("producer", "send-secret", Right.SEND))
                        .build())) {
            assertThatThrownBy(() -> source.open(Rig.PLAN, NoEvents.INSTANCE))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("connectionString:", "'orders'", "LISTEN")
                    .hasMessageNotContaining("send-secret");
        }
    }

    /** Not refused: the name may come, or the network. */
    @Test
    void aNamespaceThatIsNotThereIsNamed() {
        try (ServiceBusSource source = ServiceBusSource.of(ServiceBusConfig.queue("orders")
                .connectionString("Endpoint=sb://wrong.invalid;SharedAccessKeyName=a;SharedAccessKey=b")
                .requestTimeout(Duration.ofSeconds(1))
                .build())) {
            assertThatThrownBy(() -> source.open(Rig.PLAN, NoEvents.INSTANCE))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("wrong.invalid");
        }
    }

    /** Counts need a key, the right Manage and HTTPS; the error says which is missing. */
    @Test
    void aBacklogThatCannotBeReadSaysWhatToAdd() {
        String signature =
                "Endpoint=sb://localhost;SharedAccessSignature=SharedAccessSignature sr=x&sig=secret-signature&se=1&skn=x";
        try (ServiceBusSource signed = ServiceBusSource.of(ServiceBusConfig.queue("orders")
                        .connectionString(signature)
                        .build());
                ServiceBusSource unreachable = ServiceBusSource.of(ServiceBusConfig.queue("orders")
                        .connectionString("Endpoint=sb://wrong.invalid;SharedAccessKeyName=a;SharedAccessKey=b")
                        .build())) {
            assertThatThrownBy(signed::backlog)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContainingAll("SharedAccessKey", "Manage")
                    .hasMessageNotContaining("secret-signature");
            assertThatThrownBy(unreachable::backlog)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContainingAll("https://wrong.invalid", "HTTPS");
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
                    catchThrowableOfType(ConfigurationException.class, () -> source.open(Rig.PLAN, NoEvents.INSTANCE))
                            .getMessage());
        }
    }
}
