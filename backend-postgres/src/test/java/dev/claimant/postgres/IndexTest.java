package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Among many messages in every state and of several queues, each statement reads little more than what it is about. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IndexTest {

    private static final int EACH = 5000;

    @AutoClose
    private final TestQueue queue = new TestQueue();

    private String ids = "";
    private String fences = "";

    /** A statement on ten messages, or on all that may be claimed, and the most it may read. */
    record Case(String name, Script script, List<String> parameters, long mostRead) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void fill() {
        for (String name : List.of(queue.name, queue.name + "-a", queue.name + "-b")) {
            queue.database.update("""
                    INSERT INTO claimant.message (queue, state, fence, locked_until, due_at, owner)
                    SELECT ?, s.state, g, CASE s.state WHEN 'working' THEN now() + interval '1 hour' END,
                        CASE WHEN s.state IN ('waiting', 'reserved') THEN now() + interval '1 hour' END,
                        CASE s.state WHEN 'reserved' THEN 'job-' || g END
                    FROM unnest(ARRAY['ready', 'working', 'waiting', 'reserved']) s(state), generate_series(1, ?) g""", name, EACH);
        }
        String some = "FROM claimant.message WHERE queue = ? AND state = 'working' AND fence % 500 = 0";
        ids = array(queue.database.column("SELECT id " + some + " ORDER BY id", queue.name), "bigint");
        fences = array(queue.database.column("SELECT fence " + some + " ORDER BY id", queue.name), "bigint");
    }

    List<Case> cases() {
        Statements statements = Explained.statements(queue);
        Script claimReady = Objects.requireNonNull(statements.claimReady());
        String delays = array(Collections.nCopies(10, "0"), "bigint");
        String texts = array(Collections.nCopies(10, "'x'"), "text");
        String flags = array(Collections.nCopies(10, "true"), "boolean");

        return List.of(
                // A claim looks through the thousand oldest locks.
                new Case("claim", statements.claim(), List.of("10"), 1100),
                new Case("claim ready", claimReady, List.of("10", "0"), 50),
                new Case(
                        "renew",
                        MessageStatements.renew("some-holder", Duration.ofSeconds(30)),
                        List.of(ids, fences),
                        50),
                new Case(
                        "retry",
                        MessageStatements.retry("some-holder", TestQueue.plan("job")),
                        List.of(ids, fences, delays, flags, texts),
                        50),
                new Case("release", MessageStatements.release("some-holder"), List.of(ids, fences), 50),
                new Case("complete", statements.complete(), List.of(ids, fences), 50),
                new Case("dead-letter", statements.deadLetter(), List.of(ids, fences, texts, texts), 50),
                new Case("look", MessageStatements.look(), List.of(ids), 50),
                new Case("scaling query", Script.byIndex(BacklogQuery.query(Explained.config(queue))), List.of(), 1100),
                // The scaling query's part, then ready, working, reserved and delayed ones, each read once.
                new Case("backlog", BacklogQuery.backlog(Explained.config(queue)), List.of(), 5 * 1100));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsByIndex(Case statement) {
        assertReadsLittle(statement);

        queue.database.execute("ANALYZE claimant.message");
        assertReadsLittle(statement);
    }

    private void assertReadsLittle(Case statement) {
        Explained explained = Explained.of(
                queue.database, statement.script(), statement.parameters().toArray(String[]::new));
        assertThat(explained.plan()).noneMatch(line -> line.contains("Seq Scan on message"));
        assertThat(explained.read()).as(String.join("\n", explained.plan())).isBetween(1L, statement.mostRead());
    }

    private static String array(List<String> values, String type) {
        return "ARRAY[" + String.join(", ", values) + "]::" + type + "[]";
    }
}
