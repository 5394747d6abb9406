package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The script against a server of which it knows a connection string and no more, one for all lines. */
class GivenServerTest {

    /** The emulator itself cannot be started where there is no Docker. */
    @Test
    void theEmulatorIsConfiguredWithTheEntitiesOfTheScript() throws IOException {
        String configuration = Emulator.configuration(GivenEntities.all(Duration.ofSeconds(5)));
        try (JsonReader reader = JsonProviders.createReader(configuration)) {
            assertThat(String.valueOf(reader.readUntyped()))
                    .contains("{Name=news, Subscriptions=[{Name=a, ")
                    .contains(
                            "{Name=ordered, Properties={LockDuration=PT5S, MaxDeliveryCount=10, RequiresSession=true, ")
                    .contains("DuplicateDetectionHistoryTimeWindow=PT20S")
                    .contains("DefaultMessageTimeToLive=PT10S");
        }
    }

    @Test
    void theScriptRunsAgainstAnyServerThatHasItsEntities() throws Throwable {
        Sdk sdk = new JavaSdk(Client.PATIENCE);
        try (OwnTarget given = new OwnTarget()) {
            Conformance conformance = new Conformance(
                    () -> new GivenTarget("a given server", given.connectionString(), Duration.ofMinutes(1), false));
            for (Script.Line line : Script.lines()) {
                conformance.run(line, sdk);
                given.pass(given.lock().plusSeconds(1)); // a line may leave messages locked
            }
            conformance.report();
            assertThat(conformance.count("kept")).isGreaterThanOrEqualTo(25);
            assertThat(conformance.count("broken")).isZero();
        }
    }
}
