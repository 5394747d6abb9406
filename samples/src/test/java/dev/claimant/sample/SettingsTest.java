package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import dev.claimant.Worker;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private final Map<String, String> environment = new HashMap<>(
            Map.of("SOURCE", "postgres", "PGHOST", "localhost", "PGDATABASE", "clap", "PGUSER", "worker"));

    private static final Map<String, String> SERVICE_BUS = Map.of(
            "SOURCE",
            "servicebus",
            "SERVICEBUS_CONNECTION_STRING",
            "Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=secret");

    private static final Map<String, String> KAFKA =
            Map.of("SOURCE", "kafka", "KAFKA_BOOTSTRAP_SERVERS", "kafka:9092", "KAFKA_TOPIC", "emails");

    @TempDir
    private Path directory;

    @Test
    void kafkasRetryTopicsAreSecondsAndTopics() {
        Map<String, String> two = new HashMap<>(KAFKA);
        two.put("KAFKA_RETRY_TOPICS", "60:emails.retry.1m, 3600:emails.retry.1h");
        Map<String, String> wrong = new HashMap<>(KAFKA);
        wrong.put("KAFKA_RETRY_TOPICS", "60:emails.retry.1m,emails.retry.1h");
        Map<String, String> itself = new HashMap<>(KAFKA);
        itself.put("KAFKA_RETRY_TOPICS", "60:emails");

        assertThat(((KafkaWork) Settings.read(two).work()).kafka().retryTopics())
                .isEqualTo(Map.of("emails.retry.1m", Duration.ofMinutes(1), "emails.retry.1h", Duration.ofHours(1)));
        assertThatThrownBy(() -> Settings.read(wrong))
                .hasMessageContaining("KAFKA_RETRY_TOPICS: '60:emails.retry.1m,emails.retry.1h' must be seconds:topic");
        assertThatThrownBy(() -> Settings.read(itself)).hasMessageContaining("KAFKA_RETRY_TOPICS emails: ");
    }

    @Test
    void whatTheEnvironmentDoesNotSayHasADefault() {
        Settings settings = Settings.read(environment);

        ClapWork claps = (ClapWork) settings.work();
        assertThat(claps.postgres())
                .isEqualTo(new Postgres("localhost", 5432, "clap", "worker", null, null, "prefer", null));
        assertThat(claps.lockLength()).isEqualTo(Duration.ofSeconds(30));
        assertThat(claps.connectTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.slots()).isEqualTo(10);
        assertThat(settings.reservation()).isEqualTo(Duration.ofMinutes(15));
        assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.flushTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.handlerTimeout()).isNull();
        assertThat(settings.managementPort()).isNull();
        assertThat(settings.job().messages()).isEqualTo(1);
        assertThat(settings.job().owner()).isNull();
        assertThat(settings.job().terminationLog()).isEqualTo(Path.of("/dev/termination-log"));
    }

    @Test
    void aWorkerWithAManagementPortTellsItsMeters() throws Exception {
        environment.put("CLAIMANT_MANAGEMENT_PORT", "0");
        try (Source source = new InMemorySource(new InMemoryQueue());
                Worker worker = Settings.read(environment).measuredWorkerOn(source)) {
            worker.start();
            URI metrics = URI.create("http://localhost:" + worker.managementPort() + "/metrics");

            String text = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();

            assertThat(text).contains("claimant_ready_workers{source=\"postgres\"}", "claimant_backlog");
        }
    }

    @Test
    void theEnvironmentSaysHowAJobRuns() throws IOException {
        String authority = Files.createFile(directory.resolve("ca.pem")).toString();
        environment.putAll(Map.of(
                "HOSTNAME", "clap-1-x7k",
                "PGPORT", "6432",
                "PGPASSWORD", "secret",
                "PGSSLMODE", "verify-full",
                "PGSSLROOTCERT", authority,
                "CLAIMANT_OWNER", "clap-1",
                "CLAIMANT_MESSAGES", "3",
                "CLAIMANT_IDLE_TIMEOUT_SECONDS", "0",
                "CLAIMANT_MANAGEMENT_PORT", "8080",
                "CLAIMANT_HANDLER_TIMEOUT_SECONDS", "600"));
        environment.put("PGCONNECT_TIMEOUT", "120");
        Settings settings = Settings.read(environment);

        assertThat(settings.name()).isEqualTo("clap-1-x7k");
        assertThat(((ClapWork) settings.work()).postgres())
                .isEqualTo(new Postgres("localhost", 6432, "clap", "worker", "secret", null, "verify-full", authority));
        assertThat(((ClapWork) settings.work()).connectTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.job().owner()).isEqualTo("clap-1");
        assertThat(settings.job().messages()).isEqualTo(3);
        assertThat(settings.job().idleTimeout()).isZero();
        assertThat(settings.managementPort()).isEqualTo(8080);
        assertThat(settings.handlerTimeout()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aRootCertificateThatCannotBeReadOrThatNothingLooksAtIsRefused() throws IOException {
        environment.put("PGSSLMODE", "verify-full");
        environment.put("PGSSLROOTCERT", "/nosuch/ca.pem");
        assertThatThrownBy(() -> Settings.read(environment))
                .hasMessage("PGSSLROOTCERT: /nosuch/ca.pem: must be a file that can be read");

        environment.put(
                "PGSSLROOTCERT", Files.createFile(directory.resolve("ca.pem")).toString());
        environment.put("PGSSLMODE", "require");
        assertThatThrownBy(() -> Settings.read(environment))
                .hasMessage(
                        "PGSSLROOTCERT: nothing would use it with PGSSLMODE require; take verify-full or verify-ca");
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        environment.put("PGPORT", "");

        assertThat(((ClapWork) Settings.read(environment).work()).postgres().port())
                .isEqualTo(5432);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SOURCE | redis | must be one of postgres, rabbitmq, kafka",
                "PGPORT | 65536 | must be a whole number from 1 to 65535",
                "PGSSLMODE | on | must be one of disable, allow, prefer, require, verify-ca, verify-full",
                "CLAIMANT_SLOTS | many | must be a whole number from 1 to 10000",
                "CLAIMANT_LOCK_SECONDS | 0 | must be a whole number from 1 to 86400",
                "CLAIMANT_MAX_ATTEMPTS | 0 | must be a whole number from 1 to 1000000",
                "CLAIMANT_RETRY_DELAY_SECONDS | 1.5 | must be a whole number from 0 to 300",
                "CLAIMANT_MANAGEMENT_PORT | -1 | must be a whole number from 0 to 65535",
                "CLAIMANT_SLOT | 3 | is not a setting; these are: CLAIMANT_DRAIN_TIMEOUT_SECONDS, ",
            })
    void aVariableThatIsWrongIsNamedWithItsValue(String name, String value, String rule) {
        environment.put(name, value);

        assertThatThrownBy(() -> Settings.read(environment))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(name + ": " + value + ": " + rule);
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> Settings.read(Map.of("SOURCE", "postgres", "CLAIMANT_SLOTS", "0")))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .isEqualTo(List.of(
                                        "PGHOST: not set: must be the database's host",
                                        "PGDATABASE: not set: must be the database's name",
                                        "PGUSER: not set: must be the role to log in as",
                                        "CLAIMANT_SLOTS: 0: must be a whole number from 1 to 10000")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RABBITMQ_URL | http://rabbit | RABBITMQ_URL: 'http://rabbit' is not amqp://user:password@host:port",
                "RABBITMQ_URL | '' | RABBITMQ_URL: not set: must be amqp://user:password@host:5672/vhost, or amqps://",
                "RABBITMQ_QUEUE | amq.hello | RABBITMQ_QUEUE: 'amq.hello' is not a queue's name",
                "RABBITMQ_QUEUE_TYPE | stream | RABBITMQ_QUEUE_TYPE: stream: must be one of quorum, classic",
                "RABBITMQ_MANAGEMENT_URL | rabbit | RABBITMQ_MANAGEMENT_URL: 'rabbit' is not http://user:password@host",
                "RABBITMQ_CA_FILE | /nowhere | RABBITMQ_CA_FILE: /nowhere: must be a file that can be read",
                "RABBITMQ_CA_FILE | pom.xml | RABBITMQ_CA_FILE: 'pom.xml' is not a file of certificates",
                "RABBITMQ_CLIENT_KEY_FILE | pom.xml | RABBITMQ_CLIENT_CERTIFICATE_FILE: not set: must be, for RABBITMQ_CLIENT_KEY_FILE is",
                "RABBITMQ_CLIENT_CERTIFICATE_FILE | pom.xml | RABBITMQ_CLIENT_KEY_FILE: not set: must be, for RABBITMQ_CLIENT_CERTIFICATE_FILE is",
            })
    void whatIsWrongWithABrokerIsSaidOnceAndByItsVariable(String name, String value, String problem) {
        Map<String, String> rabbitMq =
                new HashMap<>(Map.of("SOURCE", "rabbitmq", "RABBITMQ_URL", "amqps://worker:secret@rabbit"));
        rabbitMq.put(name, value);

        assertOnlyProblem(rabbitMq, problem);
    }

    @Test
    void certificatesForAConnectionWithoutTlsAreRefused() {
        Map<String, String> rabbitMq =
                Map.of("SOURCE", "rabbitmq", "RABBITMQ_URL", "amqp://rabbit", "RABBITMQ_CA_FILE", "pom.xml");

        assertThatThrownBy(() -> Settings.read(rabbitMq))
                .hasMessageContaining("RABBITMQ_CA_FILE, RABBITMQ_CLIENT_CERTIFICATE_FILE: nothing would use them");
    }

    @Test
    void withoutASourceNothingOfASourceIsAskedFor() {
        assertThatThrownBy(() -> Settings.read(Map.of()))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "SOURCE: not set: must be one of postgres, rabbitmq, kafka, sqs, servicebus"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SERVICEBUS_CONNECTION_STRING | '' | SERVICEBUS_CONNECTION_STRING: not set: must be Endpoint=sb://",
                "SERVICEBUS_CONNECTION_STRING | secret | SERVICEBUS_CONNECTION_STRING: it has no Endpoint=sb://",
                "SERVICEBUS_TOPIC | news | SERVICEBUS_SUBSCRIPTION: not set: must be, for SERVICEBUS_TOPIC is",
                "SERVICEBUS_SUBSCRIPTION | all | SERVICEBUS_TOPIC: not set: must be, for SERVICEBUS_SUBSCRIPTION is",
                "SERVICEBUS_LOCK_SECONDS | 301 | SERVICEBUS_LOCK_SECONDS: 301: must be a whole number from 5 to 300",
                "SERVICEBUS_WEB_SOCKETS | yes | SERVICEBUS_WEB_SOCKETS: yes: must be one of true, false",
                "SERVICEBUS_CONNECTION_STRING | Endpoint=sb://bus.example;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true"
                        + " | SERVICEBUS_CONNECTION_STRING: UseDevelopmentEmulator=true sends keys and messages without TLS, and"
                        + " 'bus.example' is not local; take it away, or set SERVICEBUS_EMULATOR_ANYWHERE",
                "SERVICEBUS_CONNECTION_STRING | Endpoint=sb://bus.example;SharedAccessKeyName=a;SharedAccessKey=b;EntityPath=x"
                        + " | SERVICEBUS_CONNECTION_STRING: it is for 'x' alone (EntityPath), and not for 'hello'",
                "SERVICEBUS_ADMINISTRATION_ENDPOINT | here | SERVICEBUS_ADMINISTRATION_ENDPOINT: 'here' is not an http://",
            })
    void whatIsWrongWithANamespaceIsSaidOnceAndByItsVariable(String name, String value, String problem) {
        Map<String, String> serviceBus = new HashMap<>(SERVICE_BUS);
        serviceBus.put(name, value);

        assertOnlyProblem(serviceBus, problem);
    }

    @Test
    void anIdentityNeedsWhatAzuresWebhookAddsAndNoConnectionString() throws IOException {
        Map<String, String> identity =
                new HashMap<>(Map.of("SOURCE", "servicebus", "SERVICEBUS_NAMESPACE", "orders.servicebus.windows.net"));
        assertThatThrownBy(() -> Settings.read(identity))
                .hasMessageContaining(
                        "AZURE_CLIENT_ID: not set: must be what pods with the label azure.workload.identity")
                .hasMessageContaining("AZURE_TENANT_ID: not set")
                .hasMessageContaining("AZURE_FEDERATED_TOKEN_FILE: not set");

        Path token = Files.writeString(directory.resolve("token"), "a token");
        identity.putAll(
                Map.of("AZURE_CLIENT_ID", "c", "AZURE_TENANT_ID", "t", "AZURE_FEDERATED_TOKEN_FILE", token.toString()));
        assertThat(Settings.read(identity).work()).isInstanceOf(ServiceBusWork.class);

        identity.put("SERVICEBUS_CONNECTION_STRING", SERVICE_BUS.get("SERVICEBUS_CONNECTION_STRING"));
        assertOnlyProblem(
                identity, "SERVICEBUS_NAMESPACE: set, and so is SERVICEBUS_CONNECTION_STRING: one of the two");
    }

    @Test
    void aWorkerHasAQueueOrASubscriptionAndNotBoth() {
        Map<String, String> both = new HashMap<>(SERVICE_BUS);
        both.putAll(Map.of("SERVICEBUS_QUEUE", "q", "SERVICEBUS_TOPIC", "t", "SERVICEBUS_SUBSCRIPTION", "s"));

        assertThatThrownBy(() -> Settings.read(both))
                .hasMessage("SERVICEBUS_QUEUE: set, and so is SERVICEBUS_TOPIC: a worker has one source");
    }

    @Test
    void noSettingOfANamespaceShowsItsKey() {
        assertThat(Settings.read(SERVICE_BUS).toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "rabbitmq", "servicebus"})
    void theDocumentationNamesEveryVariableAndTheUsageThoseOfASource(String source) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "configuration.md"));
        Set<String> read = new TreeSet<>();
        Map<String, String> recording = new HashMap<>(environment) {
            @Override
            public @Nullable String get(Object name) {
                read.add(name.toString());
                return super.get(name);
            }
        };
        recording.put("RABBITMQ_URL", "amqp://rabbit");
        recording.putAll(SERVICE_BUS);
        recording.put("SOURCE", source);

        Settings.read(recording);

        read.remove("HOSTNAME"); // Kubernetes sets it
        assertThat(read)
                .hasSizeGreaterThan(19)
                .allSatisfy(name -> assertThat(page).containsPattern("`" + name + "[`=]"));
        assertThat(read)
                .filteredOn(name -> !name.startsWith("CLAIMANT_"))
                .allSatisfy(name -> assertThat(Main.USAGE).contains(name));
    }

    private static void assertOnlyProblem(Map<String, String> variables, String problem) {
        assertThatThrownBy(() -> Settings.read(variables))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .satisfies(only -> assertThat(only).startsWith(problem)));
    }
}
