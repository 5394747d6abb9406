package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.contract.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SASL over TLS. That the rights of deploy/kafka/acls.sh are enough, the whole contract shows; here is what happens without. */
class SecurityTest {

    private final @Nullable EmbeddedBroker given = TestBroker.embedded();
    private final EmbeddedBroker broker = given != null ? given : EmbeddedBroker.start(Map.of());
    private final List<Wire> wires = broker.takeWires(true);
    private final String url = "127.0.0.1:" + wires.get(0).port();
    private final TestTopic topic = new TestTopic(broker.url(), broker.admin(), 1);

    @AfterEach
    void end() {
        topic.close();
        broker.giveBack(wires, true);
        if (given == null) {
            broker.close();
        }
    }

    private KafkaSource source() {
        return source(broker.security()::logIn);
    }

    private KafkaSource source(UnaryOperator<KafkaConfig.Builder> logIn) {
        return KafkaSource.of(topic.config(url, logIn));
    }

    private List<AclBinding> rights() {
        return new ArrayList<>(broker.security().rights(topic.name, topic.group, topic.deadTopic));
    }

    @Test
    void aWrongPasswordIsReportedWithTheSettingsThatItKeepsFromBeingChecked() {
        try (KafkaSource source = source(config -> broker.security().logIn(config, "wrong"))) {
            assertThatThrownBy(() -> source.open(TestTopic.plan(), new TestTopic.Told()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("SaslAuthenticationException");
        }
    }

    @Test
    void aLoginByScramIsPassedThrough() throws Exception {
        broker.allow(rights());
        broker.addUser(Security.scramUser());

        assertThatOneMessageIsDone(broker.security()::logInByScram);
    }

    @Test
    void aLoginByATokenIsPassedThrough() throws Exception {
        broker.allow(rights());

        assertThatOneMessageIsDone(broker.security()::logInByToken);
    }

    private void assertThatOneMessageIsDone(UnaryOperator<KafkaConfig.Builder> logIn) throws Exception {
        topic.send(0, 1);
        try (KafkaSource source = source(logIn)) {
            source.open(TestTopic.plan(), new TestTopic.Told());
            assertThat(TestTopic.complete(source, TestTopic.claim(source, 1))).containsExactly(Verdict.APPLIED);
            assertThat(source.backlog().scaler()).isZero();
        }
    }

    @Test
    void aWrongPasswordForScramIsReported() {
        broker.addUser(Security.scramUser());
        try (KafkaSource source = source(config -> broker.security().logInByScram(config, "wrong"))) {
            assertThatThrownBy(() -> source.open(TestTopic.plan(), new TestTopic.Told()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("SaslAuthenticationException");
        }
    }

    @Test
    void allRightsThatAreMissingAreReportedAtOnce() {
        try (KafkaSource source = source()) {
            assertThatThrownBy(() -> source.open(TestTopic.plan(), new TestTopic.Told()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("topics: topic '" + topic.name + "' may not be described")
                    .hasMessageContaining("deadLetterTopic: topic '" + topic.deadTopic + "' may not be described")
                    .hasMessageContaining("group: '" + topic.group + "' cannot be used");
        }
    }

    @Test
    void aMessageThatMayNotBeCopiedToTheDeadLettersIsHeldUntilItMay() throws Exception {
        List<AclBinding> rights = rights();
        AclBinding write = rights.stream()
                .filter(right -> right.entry().operation() == AclOperation.WRITE)
                .findFirst()
                .orElseThrow();
        rights.remove(write);
        broker.allow(rights);
        topic.send(0, 1);
        try (KafkaSource source = source()) {
            source.open(TestTopic.plan(), new TestTopic.Told());
            Claim claim = TestTopic.claim(source, 1).get(0);
            Settlement letter = new Settlement.DeadLetter(claim, "given up", null);

            assertThat(source.settle(List.of(letter), TestTopic.PATIENCE)).containsExactly(Verdict.UNKNOWN);
            assertThat(source.renew(List.of(claim), TestTopic.PATIENCE)).containsExactly(Verdict.APPLIED);

            broker.allow(List.of(write));
            await().atMost(TestTopic.PATIENCE)
                    .until(() -> source.settle(List.of(letter.asRepeated()), TestTopic.PATIENCE)
                            .equals(List.of(Verdict.APPLIED)));
            assertThat(topic.dead()).hasSize(1);
        }
    }
}
