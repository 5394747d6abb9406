package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private final Map<String, String> environment = new HashMap<>(
            Map.of("SOURCE", "postgres", "PGHOST", "localhost", "PGDATABASE", "clap", "PGUSER", "worker"));

    @Test
    void whatTheEnvironmentDoesNotSayHasADefault() {
        Settings settings = Settings.read(environment);

        ClapWork claps = (ClapWork) settings.work();
        assertThat(claps.postgres()).isEqualTo(new Postgres("localhost", 5432, "clap", "worker", null, "prefer", null));
        assertThat(claps.lockLength()).isEqualTo(Duration.ofSeconds(30));
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
    void theEnvironmentSaysHowAJobRuns() {
        environment.putAll(Map.of(
                "HOSTNAME", "clap-1-x7k",
                "PGPORT", "6432",
                "PGPASSWORD", "secret",
                "PGSSLMODE", "verify-full",
                "PGSSLROOTCERT", "/ca.pem",
                "CLAIMANT_OWNER", "clap-1",
                "CLAIMANT_MESSAGES", "3",
                "CLAIMANT_IDLE_TIMEOUT_SECONDS", "0",
                "CLAIMANT_MANAGEMENT_PORT", "8080",
                "CLAIMANT_HANDLER_TIMEOUT_SECONDS", "600"));
        Settings settings = Settings.read(environment);

        assertThat(settings.name()).isEqualTo("clap-1-x7k");
        assertThat(((ClapWork) settings.work()).postgres())
                .isEqualTo(new Postgres("localhost", 6432, "clap", "worker", "secret", "verify-full", "/ca.pem"));
        assertThat(settings.job().owner()).isEqualTo("clap-1");
        assertThat(settings.job().messages()).isEqualTo(3);
        assertThat(settings.job().idleTimeout()).isZero();
        assertThat(settings.managementPort()).isEqualTo(8080);
        assertThat(settings.handlerTimeout()).isEqualTo(Duration.ofMinutes(10));
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
                "SOURCE | redis | must be one of postgres, rabbitmq",
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

    @Test
    void withoutASourceNothingOfASourceIsAskedFor() {
        assertThatThrownBy(() -> Settings.read(Map.of()))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .containsExactly("SOURCE: not set: must be one of postgres, rabbitmq"));
    }

    @Test
    void theReadmeListsEverySetting() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        environment.put("CLAIMANT_X", "y");

        assertThatThrownBy(() -> Settings.read(environment)).satisfies(e -> {
            String[] settings =
                    String.valueOf(e.getMessage()).split("these are: ", -1)[1].split(", ", -1);
            assertThat(settings)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(setting -> assertThat(readme).contains("| `" + setting + "` |"));
        });
    }
}
