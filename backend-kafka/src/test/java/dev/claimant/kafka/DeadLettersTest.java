package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.PATIENCE;
import static dev.claimant.kafka.TestTopic.bytes;
import static dev.claimant.kafka.TestTopic.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.kafka.DeadLetters.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator does with what was given up. */
class DeadLettersTest {

    private final TestTopic topic = new TestTopic(2);
    private final DeadLetters dead = new DeadLetters(topic.config(config -> config));

    @AfterEach
    void end() {
        topic.close();
    }

    private List<Claim> giveUp(int partition, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            ProducerRecord<byte[], byte[]> message =
                    new ProducerRecord<>(topic.name, partition, new byte[] {(byte) 0xff, (byte) i}, bytes("body " + i));
            message.headers().add("trace", bytes("t-" + i));
            topic.send(message);
        }
        KafkaSource source = topic.source(config -> config);
        List<Claim> claims = claim(source, count);
        List<Settlement> letters = new ArrayList<>();
        claims.forEach(claim -> letters.add(new Settlement.DeadLetter(claim, "not " + claim.text(), "a stack")));
        assertThat(source.settle(letters, PATIENCE)).containsOnly(Verdict.APPLIED);
        source.close();
        return claims;
    }

    private List<String> ids() {
        return dead.list(100).stream().map(DeadLetter::id).toList();
    }

    @Test
    void aLetterSaysWhatWasGivenUpAndWhy() throws Exception {
        Claim claim = giveUp(1, 1).get(0);

        DeadLetter letter = dead.list(10).get(0);

        assertThat(letter.id()).isEqualTo("0@0");
        assertThat(letter.originalId()).isEqualTo(claim.id()).isEqualTo(topic.name + "-1@0");
        assertThat(letter.idempotencyKey()).isEqualTo(claim.message().idempotencyKey());
        assertThat(letter.reason()).isEqualTo("not body 0");
        assertThat(letter.error()).isEqualTo("a stack");
        assertThat(letter.attempts()).isEqualTo(1);
        assertThat(letter.topic()).isEqualTo(topic.name);
        assertThat(letter.key()).containsExactly(0xff, 0);
        assertThat(letter.body()).isEqualTo(bytes("body 0"));
        assertThat(letter.headers()).isEqualTo(Map.of("trace", "t-0"));
        assertThat(dead.find("0@0").orElseThrow().originalId()).isEqualTo(letter.originalId());
        assertThat(dead.find("0@1")).isEmpty();
    }

    @Test
    void aRedrivenMessageIsTriedFromItsFirstAttemptWithTheKeysThatItHad() throws Exception {
        Claim before = giveUp(1, 1).get(0);

        assertThat(dead.redrive(ids())).isEqualTo(1);

        Claim again = claim(topic.source(config -> config), 1).get(0);
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.id()).isEqualTo(topic.name + "-1@1");
        assertThat(again.message().idempotencyKey()).isEqualTo(before.message().idempotencyKey());
        assertThat(again.message().orderingKey()).isEqualTo(before.message().orderingKey());
        assertThat(again.message().headers().keySet()).containsExactlyInAnyOrder("trace", Messages.IDEMPOTENCY_KEY);
        assertThat(again.text()).isEqualTo("body 0");
        assertThat(ids()).isEmpty();
        assertThat(dead.redriveAll()).isZero();
    }

    @Test
    void thoseThatWereNotNamedStayAndListGivesTheOldestFirst() throws Exception {
        giveUp(0, 4);

        assertThat(dead.redrive(List.of("0@1", "0@9"))).isEqualTo(1);
        assertThat(dead.purge(List.of("0@2"))).isEqualTo(1);
        assertThat(dead.purge(List.of("0@2"))).isZero();

        assertThat(ids()).containsExactly("0@0", "0@3");
        assertThat(dead.list(1)).extracting(DeadLetter::id).containsExactly("0@0");
        assertThat(dead.redriveAll()).isEqualTo(2);
        assertThat(ids()).isEmpty();
        assertThat(claim(topic.source(config -> config), 3)).hasSize(3);
    }

    @Test
    void aRecordWithoutAValueComesBackWithoutOne() throws Exception {
        topic.send(new ProducerRecord<>(topic.name, 0, null, null));
        KafkaSource source = topic.source(config -> config);
        source.settle(List.of(new Settlement.DeadLetter(claim(source, 1).get(0), "empty", null)), PATIENCE);
        source.close();
        assertThat(dead.list(1).get(0).body()).isNull();

        dead.redriveAll();

        KafkaClaim again = (KafkaClaim) claim(topic.source(config -> config), 1).get(0);
        assertThat(again.record().value()).isNull();
    }

    @Test
    void anotherTopicsLettersInTheSameDeadLetterTopicAreLeftAlone() throws Exception {
        giveUp(0, 1);
        DeadLetters others = new DeadLetters(KafkaConfig.group(TestBroker.url(), topic.group, "other")
                .deadLetterTopic(topic.deadTopic)
                .build());

        assertThat(others.list(10)).isEmpty();
        assertThat(others.redriveAll()).isZero();
        assertThat(ids()).hasSize(1);
    }

    @Test
    void whatCannotWorkIsSaid() {
        assertThatThrownBy(() -> new DeadLetters(
                        KafkaConfig.group(TestBroker.url(), "g", "t").build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("deadLetterTopic");
        DeadLetters missing = new DeadLetters(KafkaConfig.group(TestBroker.url(), "g", "t")
                .deadLetterTopic("no-such-topic")
                .build());
        assertThatThrownBy(() -> missing.list(1))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("no-such-topic");
        assertThatThrownBy(() -> dead.list(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
