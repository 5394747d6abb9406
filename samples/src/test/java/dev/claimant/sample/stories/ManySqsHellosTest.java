package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.Trigger;
import dev.claimant.sqs.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManySqsHellosTest extends HelloStory {

    private final HelloQueue queue = new HelloQueue(TestServer.main().endpoint().toString());

    ManySqsHellosTest() {
        super("sqs");
    }

    @Override
    Scaler scaler(Trigger trigger) {
        return queue.scaler(trigger);
    }

    @Override
    Pods pods() {
        return queue.pods(folder, Map.of());
    }

    /** The producer's twenty pods send one each, in the end; one does here, and the test for the others. bin/demo sqs starts all of them. */
    @Test
    void twentyProducersScaleTheConsumersFromNoneToFourAndBack() throws Exception {
        assertThat(scaleFromNoneAndBack(() -> {
                    Pod sent = pods().start(pod("producer.yaml", "Job"), "producer", "producer");
                    assertThat(sent.awaitExit(Duration.ofMinutes(1)))
                            .as(sent.log())
                            .isZero();
                    queue.send(19, 5);
                }))
                .hasSize(20);
        assertThat(queue.messages()).isZero();
    }

    @Test
    void aJobPerGreetingWithMessagesInFlightCounted() throws IOException {
        assertThatJobsDoAll("jobs/scaledjob.yaml");
    }

    @Test
    void aJobPerGreetingWithMessagesInFlightNotCounted() throws IOException {
        assertThatJobsDoAll("accurate-jobs/scaledjob.yaml");
    }

    private void assertThatJobsDoAll(String manifest) throws IOException {
        queue.send(15, 3);

        assertThat(workOffByJobs(manifest)).hasSize(15).doesNotHaveDuplicates();
        assertThat(queue.messages()).isZero();
    }
}
