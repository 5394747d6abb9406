package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shipped policies allow what the code calls, on the queue where it calls it, and nothing else. */
class PolicyTest {

    private static final Path POLICIES = Path.of("..", "deploy", "sqs", "iam");
    private static final Pattern STATEMENT = Pattern.compile("\\{[^{}]*\"Resource\": \"([^\"]+)\"[^{}]*\\}");
    private static final Pattern ACTION = Pattern.compile("\"((?:sqs|kms):[A-Za-z]+)\"");

    private final Rig rig = new Rig();

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void aWorkersWholeLifeCallsWhatItsPolicyAllowsAndNothingElse() throws IOException {
        for (int i = 0; i < 4; i++) {
            rig.send("message " + i);
        }
        List<SqsClaim> claims = rig.claim(4);
        rig.renew(claims.get(0));
        rig.settle(new Complete(claims.get(0)));
        rig.settle(new Retry(claims.get(1), Duration.ofMinutes(1), "it failed"));
        rig.settle(new Release(claims.get(2)));
        rig.settle(new DeadLetter(claims.get(3), "hopeless", null));
        rig.source().backlog();
        rig.source().stopClaiming();

        assertThat(called()).isEqualTo(allowed("worker.json"));
        assertThat(allowed("worker-kms.json")).containsAllEntriesOf(called());
    }

    @Test
    void anOperatorsCallsAreThoseOfItsPolicy() throws IOException {
        rig.send("given up");
        rig.send("given up, too");
        rig.claim(2).forEach(claim -> rig.settle(new DeadLetter(claim, "hopeless", null)));
        rig.between.calls.clear();
        try (DeadLetters letters = new DeadLetters(rig.settings(rig.queue.url()).build())) {
            letters.redrive(List.of(letters.list(10).get(0).id()));
        }

        assertThat(called()).isEqualTo(allowed("operator.json"));
    }

    @Test
    void aScalerMayCountAndNothingElse() throws IOException {
        assertThat(allowed("scaler.json")).isEqualTo(Map.of("queue", Set.of("sqs:GetQueueAttributes")));
    }

    @Test
    void aProducerMaySendAndNothingElse() throws IOException {
        assertThat(allowed("producer.json")).isEqualTo(Map.of("queue", Set.of("sqs:SendMessage")));
    }

    /** A batch is allowed by the action of the single request. */
    private Map<String, Set<String>> called() {
        Map<String, Set<String>> called = new TreeMap<>();
        rig.between.calls.forEach(call -> called.computeIfAbsent(
                        call.queueUrl().equals(rig.queue.deadUrl()) ? "dead" : "queue", kind -> new TreeSet<>())
                .add("sqs:" + call.action().replaceFirst("Batch$", "")));
        return called;
    }

    private static Map<String, Set<String>> allowed(String policy) throws IOException {
        Map<String, Set<String>> allowed = new TreeMap<>();
        Matcher statement = STATEMENT.matcher(Files.readString(POLICIES.resolve(policy)));
        while (statement.find()) {
            String resource = statement.group(1);
            String kind = resource.contains(":kms:") ? "key" : resource.endsWith("-dead") ? "dead" : "queue";
            Matcher action = ACTION.matcher(statement.group());
            while (action.find()) {
                allowed.computeIfAbsent(kind, any -> new TreeSet<>()).add(action.group(1));
            }
        }
        return allowed;
    }
}
