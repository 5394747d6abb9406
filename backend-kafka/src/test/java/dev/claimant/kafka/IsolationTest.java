package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a transaction takes back is not handled, and a worker that was told otherwise is warned. */
class IsolationTest {

    private final TestTopic topic = new TestTopic(2);

    @AfterEach
    void end() {
        topic.close();
    }

    private List<String> warnings(String level) throws InterruptedException {
        KafkaConfig config = topic.config(given -> given.property("isolation.level", level));
        return new IsolationCheck(config, TestBroker.admin()).warnings();
    }

    @Test
    void readUncommittedOnATopicWithTransactionsIsAWarningThatNamesBoth() throws Exception {
        topic.sendInTransaction(1, "in a transaction", true);

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
        topic.sendInTransaction(1, "in a transaction", false);
        topic.send(1, 1);

        KafkaSource told = topic.source(config -> config.property("isolation.level", "read_uncommitted"));

        assertThat(TestTopic.claim(told, 2)).extracting(Claim::text).containsExactly("in a transaction", "message 0");
        told.close();
        assertThat(TestTopic.claim(topic.source(config -> config), 1))
                .extracting(Claim::text)
                .containsExactly("message 0");
    }
}
