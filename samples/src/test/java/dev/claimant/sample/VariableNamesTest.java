package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimant.ConfigurationException;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.Right;
import dev.claimant.servicebusserver.ServiceBusServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong when a worker starts is told by the sample's variables, not by the library's settings. */
class VariableNamesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sqs        | deadLetterQueue: 'd' must be a FIFO queue | SQS_DEAD_LETTER_QUEUE_URL: 'd' must be a FIFO queue
            rabbitmq   | queue: 'q' takes messages back, set consumerTimeout | RABBITMQ_QUEUE: 'q' takes messages back, set RABBITMQ_CONSUMER_TIMEOUT_SECONDS
            rabbitmq   | certificateAuthority, clientCertificate: none | RABBITMQ_CA_FILE, RABBITMQ_CLIENT_CERTIFICATE_FILE: none
            kafka      | topics: topic 'news' does not exist | KAFKA_TOPIC: topic 'news' does not exist
            servicebus | maxDeliveryCount: too low, or retry.maxAttempts too high | maxDeliveryCount: too low, or CLAIMANT_MAX_ATTEMPTS too high
            postgres   | dataSource: PostgreSQL 13 is older than 14 | PGHOST: PostgreSQL 13 is older than 14
            postgres   | no setting at all | no setting at all
            """)
    void aProblemNamesTheVariables(String source, String problem, String told) {
        VariableNames names = switch (source) {
            case "sqs" -> Sqs.VARIABLES;
            case "rabbitmq" -> RabbitMq.VARIABLES;
            case "kafka" -> Kafka.VARIABLES;
            case "servicebus" -> ServiceBus.VARIABLES;
            default -> ClapWork.VARIABLES;
        };
        assertThat(names.of(new ConfigurationException(List.of(problem))).problems())
                .containsExactly(told);
    }

    @Test
    void aWorkerThatMayOnlyListenIsToldWhichVariableIsMissing() {
        try (ServiceBusServer server = ServiceBusServer.start()) {
            server.addQueue("hello", EntityOptions.defaults());
            assertThat(problemsOfAWorker(server))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem).startsWith("SERVICEBUS_LOCK_SECONDS: must be set"));
        }
    }

    private static List<String> problemsOfAWorker(ServiceBusServer server) {
        Map<String, String> variables = new HashMap<>();
        variables.put("SOURCE", "servicebus");
        variables.put("SERVICEBUS_CONNECTION_STRING", server.addKey("worker", "secret", Right.LISTEN));
        variables.put("SERVICEBUS_ADMINISTRATION_ENDPOINT", "http://localhost:" + server.adminPort());
        PrintStream nobody = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Commands commands = new Commands(Settings.read(variables), nobody);
        return catchThrowableOfType(ConfigurationException.class, commands::worker)
                .problems();
    }
}
