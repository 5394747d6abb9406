package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.contract.NoEvents;
import dev.claimant.contract.Wire;
import dev.claimant.sample.ClapDatabase;
import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.hello.Greetings;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.spi.Plan;
import dev.claimant.sqs.SqsSource;
import dev.claimant.sqs.TestServer;
import java.net.URI;
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

/** Greetings from SQS that come again, and are noted once by the inbox. */
class RepeatedSqsHelloTest {

    private static final PodTemplate WORKER =
            PodTemplate.read(Path.of("..", "deploy", "sqs", "deployment.yaml"), "Deployment");

    /** Enough to be killed and cut in the middle of; 10,000 by {@code -Dclaimant.sample.greetings=10000}. */
    private static final int MESSAGES = Integer.getInteger("claimant.sample.greetings", 2_000);

    @TempDir
    Path folder;

    private final List<Pod> started = new ArrayList<>();
    private final URI server = TestServer.main().endpoint();
    private final Wire wire = Wire.to(server.getHost(), server.getPort());
    private HelloQueue queue;
    private ClapDatabase database;

    @BeforeEach
    void prepare() throws SQLException {
        queue = new HelloQueue("http://127.0.0.1:" + wire.port());
        database = new ClapDatabase();
        Greetings.migrate(database.superuser());
    }

    @AfterEach
    void killWhatIsLeft() {
        started.forEach(Pod::kill);
        wire.close();
    }

    private Pod start(String name) {
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.putAll(queue.environment());
        environment.put("SQS_LOCK_SECONDS", "10");
        Pod pod = queue.pods(folder, environment).start(WORKER, name, "sqs-hello-worker");
        started.add(pod);
        return pod;
    }

    @Test
    void aMessageThatComesAgainAfterItsEffectWasCommittedChangesNothing() throws Exception {
        queue.send(1, 0);
        Claim first;
        try (SqsSource source =
                SqsSource.of(queue.config().lockLength(Duration.ofSeconds(3)).build())) {
            source.open(
                    new Plan("first", 1, 1, 5, null, null, Duration.ofMinutes(10), false, false), NoEvents.INSTANCE);
            first = source.claim(1, Duration.ofSeconds(30)).get(0);
            Greetings.handler(database.worker(), "first").handle(first);
        } // the queue never hears of it

        Pod second = start("second");
        Story.waitUntil("it is not there any more", () -> second.log().contains("complete APPLIED"));

        assertThat(second.log()).contains("claimed").contains(first.id());
        assertThat(database.rows("SELECT text, said_by FROM greeting")).containsExactly("Hello 1 first");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void manyMessagesOutliveFiveKilledWorkersAndTwoCutConnectionsAndAreNotedOnceEach() throws Exception {
        queue.send(MESSAGES, 0);
        for (int i = 1; i <= 5; i++) {
            Pod doomed = start("doomed-" + i);
            awaitNoted(MESSAGES * 4 / 25 * i);
            if (i == 2 || i == 4) {
                wire.disconnect();
                awaitNoted(MESSAGES * 4 / 25 * i + MESSAGES * 2 / 25);
            }
            doomed.kill();
        }
        start("last");

        Story.waitUntil(
                "all are noted", () -> database.number("SELECT count(DISTINCT text) FROM greeting") == MESSAGES);
        Story.waitUntil("what came again is done", () -> queue.messages() == 0);
        assertThat(noted()).isEqualTo(MESSAGES);
    }

    private void awaitNoted(int enough) {
        Story.waitUntil(enough + " are noted", () -> noted() >= enough);
    }

    private int noted() {
        return database.number("SELECT count(*) FROM greeting");
    }
}
