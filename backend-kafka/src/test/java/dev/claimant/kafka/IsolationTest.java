package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a transaction takes back is not handled, and a worker that was told otherwise is warned. */
class IsolationTest {

    private final TestTopic topic = new TestTopic(2);

    @AfterEach
    void end() {
        topic.close();
    }

    private void write(boolean committed) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestBroker.url(), "transactional.id", topic.name),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic.name, 1, null, TestTopic.bytes("in a transaction")))
                    .get(20, TimeUnit.SECONDS);
            if (committed) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private List<String> warnings(String level) throws InterruptedException {
        KafkaConfig config = topic.config(given -> given.property("isolation.level", level));
        return new IsolationCheck(config, TestBroker.admin()).warnings();
    }

    @Test
    void readUncommittedOnATopicWithTransactionsIsAWarningThatNamesBoth() throws Exception {
        write(true);

        assertThat(warnings("read_uncommitted")).singleElement().asString().contains("isolation.level", topic.name);
        assertThat(warnings("read_committed")).isEmpty();
    }

    @Test
    void readUncommittedWithoutTransactionsIsNoWarning() throws Exception {
        topic.send(1, 3);

        assertThat(warnings("read_uncommitted")).isEmpty();
    }

    @Test
    void whatATransactionTookBackIsHandledOnlyByAWorkerThatWasToldSo() throws Exception {
        write(false);
        topic.send(1, 1);

        KafkaSource told = topic.source(config -> config.property("isolation.level", "read_uncommitted"));

        assertThat(TestTopic.claim(told, 2)).extracting(Claim::text).containsExactly("in a transaction", "message 0");
        told.close();
        assertThat(TestTopic.claim(topic.source(config -> config), 1))
                .extracting(Claim::text)
                .containsExactly("message 0");
    }
}
