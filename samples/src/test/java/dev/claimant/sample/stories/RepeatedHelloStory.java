package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.contract.NoEvents;
import dev.claimant.sample.ClapDatabase;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.hello.Greetings;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Greetings that come again, since it is not known that they were done; the inbox notes each once. */
abstract class RepeatedHelloStory {

    private static final Pattern HELLO = Pattern.compile("Hello \\d+!");

    @TempDir
    Path folder;

    private final PodTemplate worker;
    private final int greetings;
    private final List<Pod> started = new ArrayList<>();
    private ClapDatabase database;

    /** Greetings by the workers of the Deployment in this folder of {@code deploy}. */
    RepeatedHelloStory(String manifests, int greetings) {
        worker = PodTemplate.read(Path.of("..", "deploy", manifests, "workers", "deployment.yaml"), "Deployment");
        this.greetings = greetings;
    }

    /** Not open yet, with a lock that ends soon. */
    abstract Source source();

    abstract void send(int greetings) throws IOException;

    /** How many greetings are not done. */
    abstract long left();

    abstract Pods pods(Map<String, String> environment);

    /** Breaks what is between the workers and their messages, or what holds these. */
    abstract void disturb();

    @BeforeEach
    void createDatabase() throws SQLException {
        database = new ClapDatabase();
        Greetings.migrate(database.superuser());
    }

    @AfterEach
    void killWhatIsLeft() {
        started.forEach(Pod::kill);
    }

    @Test
    void aMessageThatComesAgainAfterItsEffectWasCommittedChangesNothing() throws Exception {
        send(1);
        Claim first;
        try (Source source = source()) {
            source.open(
                    new Plan("first", 1, 1, 5, null, null, Duration.ofMinutes(10), false, false), NoEvents.INSTANCE);
            first = source.claim(1, Duration.ofSeconds(30)).get(0);
            Greetings.handler(database.worker(), "first").handle(first);
        } // the effect is committed, and the message is not completed

        Pod second = start("second");
        Story.waitUntil("it is not there any more", () -> second.log().contains("complete APPLIED"));

        assertThat(second.log()).contains("claimed").contains(first.id());
        assertThat(database.rows("SELECT text, said_by FROM greeting")).containsExactly("Hello 1 first");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void manyMessagesOutliveFiveKilledWorkersAndTwoDisturbancesAndAreNotedOnceEach() throws Exception {
        send(greetings);
        for (int i = 1; i <= 5; i++) {
            Pod doomed = start("doomed-" + i);
            awaitNoted(greetings * 4 / 25 * i);
            if (i == 2 || i == 4) {
                disturb();
                awaitNoted(greetings * 4 / 25 * i + greetings * 2 / 25);
            }
            doomed.kill();
        }
        start("last");

        Story.waitUntil(
                "all are noted", () -> database.number("SELECT count(DISTINCT text) FROM greeting") == greetings);
        Story.waitUntil("what came again is done", () -> left() == 0);
        assertThat(noted()).isEqualTo(greetings);
        reportWhatWasSaidTwice();
    }

    /** What a worker had said and not completed when it was killed or cut off, another says again. */
    private void reportWhatWasSaidTwice() {
        int said = 0;
        int saidTwiceByOne = 0;
        Set<String> different = new HashSet<>();
        for (Pod pod : started) {
            List<String> hellos =
                    HELLO.matcher(pod.log()).results().map(MatchResult::group).toList();
            said += hellos.size();
            saidTwiceByOne += hellos.size() - new HashSet<>(hellos).size();
            different.addAll(hellos);
        }
        System.out.printf(
                "noted %d greetings once each; said again by another worker %d, by the same one %d%n",
                greetings, said - different.size() - saidTwiceByOne, saidTwiceByOne);
        assertThat(different).hasSize(greetings);
    }

    private void awaitNoted(int enough) {
        Story.waitUntil(enough + " are noted", () -> noted() >= enough);
    }

    private int noted() {
        return database.number("SELECT count(*) FROM greeting");
    }

    private Pod start(String name) {
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.remove("SOURCE");
        Pod pod = pods(environment).start(worker, name, worker.container());
        started.add(pod);
        return pod;
    }
}
