package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import dev.claimant.sample.cluster.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords that a Secret's volume holds, and that change while the worker lives. */
class PasswordFilesTest {

    private static final String DATABASE = "clap";

    @TempDir
    private Path folder;

    @Test
    void aConnectionToPostgresLogsInWithWhatTheFileSaysThen() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start()) {
            postgres.createDatabase(DATABASE);
            postgres.execute(DATABASE, "CREATE ROLE worker");
            postgres.allowLogin("worker", "first");
            askForPasswords(postgres);
            Path file = Files.writeString(folder.resolve("password"), "first\n");
            Map<String, String> environment = new HashMap<>(postgres.environment(DATABASE, "worker", ""));
            environment.put("PGHOST", "127.0.0.1");
            environment.put("PGPASSWORD_FILE", file.toString());
            ConnectedAhead dataSource =
                    Postgres.read(new Environment(environment)).dataSource();
            dataSource.connectAhead();
            connect(dataSource);

            postgres.allowLogin("worker", "second");
            assertThatThrownBy(() -> connect(dataSource)).hasMessageContaining("password authentication failed");
            Files.writeString(file, "second\n");
            connect(dataSource);

            Files.delete(file);
            assertThatThrownBy(() -> connect(dataSource)).hasMessageContaining("the password's file cannot be read");
        }
    }

    private static void askForPasswords(LocalPostgres postgres) {
        postgres.execute(
                DATABASE,
                "DO $$ BEGIN EXECUTE format('COPY (VALUES (''host all worker all scram-sha-256''), (''host all all all trust''))"
                        + " TO %L', current_setting('hba_file')); PERFORM pg_reload_conf(); END $$");
    }

    private static void connect(ConnectedAhead dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            assertThat(connection.isValid(10)).isTrue();
        }
    }

    @Test
    void kafkasClientsAskForUserAndPasswordAtEachLogin() throws Exception {
        Path file = Files.writeString(folder.resolve("pass \\word"), "first\n");
        Kafka kafka = Kafka.read(new Environment(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
                "KAFKA_SASL_MECHANISM", "SCRAM-SHA-512",
                "KAFKA_USERNAME", "hello_worker",
                "KAFKA_PASSWORD_FILE", file.toString())));
        Map<String, String> clients = Objects.requireNonNull(kafka).clients();
        assertThat(clients).containsEntry("sasl.client.callback.handler.class", PasswordFileLogin.class.getName());
        List<AppConfigurationEntry> entries = JaasContext.loadClientContext(
                        Map.of("sasl.jaas.config", new Password(clients.get("sasl.jaas.config"))))
                .configurationEntries();
        PasswordFileLogin login = new PasswordFileLogin();
        login.configure(clients, "SCRAM-SHA-512", entries);

        assertThat(ask(login)).isEqualTo("hello_worker first");
        Files.writeString(file, "second\n");
        assertThat(ask(login)).isEqualTo("hello_worker second");
    }

    private static String ask(PasswordFileLogin login) throws Exception {
        NameCallback name = new NameCallback("name");
        PasswordCallback password = new PasswordCallback("password", false);
        login.handle(new Callback[] {name, password});
        return name.getName() + " " + new String(password.getPassword());
    }

    @Test
    void aPasswordIsInTheVariableOrInTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "first");
        Map<String, String> both = Map.of(
                "SOURCE", "postgres",
                "PGHOST", "localhost",
                "PGDATABASE", "clap",
                "PGUSER", "worker",
                "PGPASSWORD", "first",
                "PGPASSWORD_FILE", file.toString());

        assertThatThrownBy(() -> Settings.read(both))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .containsExactly("PGPASSWORD_FILE: set, and so is PGPASSWORD: one of the two says it"));
    }
}
