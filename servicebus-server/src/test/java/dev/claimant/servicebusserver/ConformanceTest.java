package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One script of behaviours, driven by two of Microsoft's SDKs. */
class ConformanceTest {

    private static final Sdk JAVA = new JavaSdk(Client.PATIENCE);
    private static final Conformance CONFORMANCE = Conformance.ofEnvironment();

    @SuppressWarnings("NullAway.Init")
    private static JavaScriptSdk javaScript;

    static List<Script.Line> lines() {
        return Script.lines();
    }

    @BeforeAll
    static void start() {
        javaScript = new JavaScriptSdk(Client.PATIENCE);
    }

    @AfterAll
    static void end() {
        javaScript.close();
        CONFORMANCE.report();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void java(Script.Line line) throws Throwable {
        CONFORMANCE.run(line, JAVA);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void javaScript(Script.Line line) throws Throwable {
        CONFORMANCE.run(line, javaScript);
    }

    /** Which is why the library renews before it dead-letters. */
    @Test
    void theSdkForJavaHidesThatADeadLetterWasRefused() {
        assertThat(isRefusalOfALateDeadLetterSeen(JAVA)).isFalse();
        assertThat(isRefusalOfALateDeadLetterSeen(javaScript)).isTrue();
    }

    private static boolean isRefusalOfALateDeadLetterSeen(Sdk sdk) {
        try (Target target = new OwnTarget();
                SdkClient client = sdk.connect(target.connectionString())) {
            client.send(Script.QUEUE, "one");
            SdkReceiver receiver = client.receiver(Script.QUEUE);
            Incoming message = receiver.next();
            target.pass(target.lock().plusSeconds(1));
            receiver.deadLetter(message, "too late", "", Map.of());
            return false;
        } catch (Refusal e) {
            return true;
        }
    }

    @Test
    void theScriptHasFortyLinesAtLeastAndEachNamesItsSource() {
        assertThat(Script.lines())
                .hasSizeGreaterThanOrEqualTo(40)
                .allSatisfy(line -> assertThat(line.source()).isNotBlank());
    }
}
