package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.contract.NoEvents;
import dev.claimant.rabbitmq.RabbitMqSource;
import dev.claimant.sample.ClapDatabase;
import dev.claimant.sample.HelloBroker;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.hello.Greetings;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.spi.Plan;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** RabbitMQ brings a message again when it did not hear that it was done; the inbox sees to it that this changes nothing. */
class RepeatedHelloTest {

    private static final Path MANIFEST = Path.of("..", "deploy", "rabbitmq", "deployment.yaml");
    private static final PodTemplate WORKER = PodTemplate.read(MANIFEST, "Deployment");

    @TempDir
    Path folder;

    private final List<Pod> started = new ArrayList<>();
    private HelloBroker broker;
    private ClapDatabase database;
    private Pods pods;

    @BeforeEach
    void prepare() throws SQLException {
        broker = new HelloBroker();
        database = new ClapDatabase();
        Greetings.migrate(database.superuser());
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.remove("SOURCE");
        pods = broker.pods(folder, environment);
    }

    @AfterEach
    void killWhatIsLeft() {
        started.forEach(Pod::kill);
    }

    @Test
    void aMessageThatComesAgainAfterItsEffectWasCommittedChangesNothing() throws Exception {
        broker.send(1, 0);
        Claim first;
        try (RabbitMqSource source = RabbitMqSource.of(broker.config().build())) {
            source.open(
                    new Plan("first", 1, 1, 5, null, null, Duration.ofMinutes(10), false, false), NoEvents.INSTANCE);
            first = source.claim(1, Duration.ofSeconds(30)).get(0);
            Greetings.handler(database.worker(), "first").handle(first);
        } // the broker never hears of it

        Pod second = start("second");
        Story.waitUntil("it is not there any more", () -> second.log().contains("complete APPLIED"));

        assertThat(second.log()).contains("claimed").contains(first.id());
        assertThat(database.rows("SELECT text, said_by FROM greeting")).containsExactly("Hello 1 first");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void tenThousandMessagesOutliveFiveKilledWorkersAndTwoKilledBrokersAndAreNotedOnceEach() throws Exception {
        broker.send(10_000, 0);
        for (int i = 1; i <= 5; i++) {
            Pod doomed = start("doomed-" + i);
            awaitNoted(1_600 * i);
            if (i == 2 || i == 4) {
                broker.kill();
                awaitNoted(1_600 * i + 800);
            }
            doomed.kill();
        }
        start("last");

        Story.waitUntil("all are noted", () -> database.number("SELECT count(DISTINCT text) FROM greeting") == 10_000);
        Story.waitUntil("what came again is done", () -> broker.messages() == 0);
        assertThat(noted()).isEqualTo(10_000);
    }

    private void awaitNoted(int enough) {
        Story.waitUntil(enough + " are noted", () -> noted() >= enough);
    }

    private int noted() {
        return database.number("SELECT count(*) FROM greeting");
    }

    private Pod start(String name) {
        Pod pod = pods.start(WORKER, name, "hello-worker");
        started.add(pod);
        return pod;
    }
}
