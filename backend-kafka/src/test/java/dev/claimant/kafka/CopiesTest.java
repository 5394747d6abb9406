package dev.claimant.kafka;

import static dev.claimant.kafka.TestTopic.bytes;
import static dev.claimant.kafka.TestTopic.claim;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Verdict;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is given up is among the dead as it came, to the byte. */
class CopiesTest {

    private static final byte[] BINARY = {(byte) 0xff, 0x00, (byte) 0xc3, 0x28};
    private final TestTopic topic = new TestTopic(1);

    @AfterEach
    void end() {
        topic.close();
    }

    @Test
    void keysAndHeadersStayAsTheyWereToTheByte() throws Exception {
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(topic.name, 0, BINARY, bytes("body"));
        sent.headers()
                .add("binary", BINARY)
                .add("twice", bytes("1"))
                .add("twice", bytes("2"))
                .add("none", null);
        topic.send(sent);

        ConsumerRecord<byte[], byte[]> dead = theDead();

        assertThat(dead.key()).isEqualTo(BINARY);
        assertThat(dead.value()).isEqualTo(bytes("body"));
        assertThat(dead.headers().headers("twice")).extracting(Header::value).containsExactly(bytes("1"), bytes("2"));
        assertThat(dead.headers().lastHeader("binary").value()).isEqualTo(BINARY);
        assertThat(dead.headers().lastHeader("none").value()).isNull();
        assertThat(text(dead, "claimant-reason")).isEqualTo("hopeless");
        assertThat(text(dead, "claimant-origin-topic")).isEqualTo(topic.name);
        assertThat(text(dead, "claimant-origin-offset")).isEqualTo("0");
    }

    @Test
    void aRecordWithoutAValueStaysOne() throws Exception {
        topic.send(new ProducerRecord<>(topic.name, 0, bytes("key"), null));

        ConsumerRecord<byte[], byte[]> dead = theDead();

        assertThat(dead.value()).isNull();
        assertThat(dead.headers().lastHeader(Messages.NULL_VALUE)).isNull();
    }

    @Test
    void aClaimShowsTheRecordAndThatItHasNoValue() throws Exception {
        topic.send(new ProducerRecord<>(topic.name, 0, bytes("key"), null));

        Claim claim = claim(topic.source(config -> config), 1).get(0);

        assertThat(claim.message().body()).isEmpty();
        assertThat(claim.message().headers()).containsEntry(Messages.NULL_VALUE, "true");
        assertThat(((KafkaClaim) claim).record().timestampType()).isEqualTo(TimestampType.CREATE_TIME);
    }

    @Test
    void keysThatAreNoTextAreKeptApartToTheByte() {
        assertThat(Messages.keyOf(bytes("käse"))).isEqualTo("käse");
        assertThat(Messages.keyOf(new byte[] {(byte) 0xff}))
                .isNotEqualTo(Messages.keyOf(new byte[] {(byte) 0xfe}))
                .isNotEqualTo(Messages.keyOf(bytes("\0ff")));
    }

    private ConsumerRecord<byte[], byte[]> theDead() throws InterruptedException {
        KafkaSource source = topic.source(config -> config);
        Settlement given = new DeadLetter(claim(source, 1).get(0), "hopeless", "a stack");
        assertThat(source.settle(List.of(given), TestTopic.PATIENCE)).containsExactly(Verdict.APPLIED);
        assertThat(topic.dead()).hasSize(1);
        return topic.dead().get(0);
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        return new String(
                Objects.requireNonNull(record.headers().lastHeader(header)).value(),
                java.nio.charset.StandardCharsets.UTF_8);
    }
}
