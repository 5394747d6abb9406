package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.HelloBroker;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManyHellosTest extends HelloStory {

    private HelloBroker broker;

    ManyHellosTest() {
        super("rabbitmq");
    }

    @BeforeEach
    void createVirtualHost() {
        broker = new HelloBroker();
    }

    @Override
    Scaler scaler(Trigger trigger) {
        return broker.scaler(trigger);
    }

    @Override
    Pods pods() {
        return broker.pods(folder, Map.of());
    }

    @Test
    void aPublisherJobScalesTheConsumersFromNoneToThirtyAndBackAndEachIsGreetedOnce() throws Exception {
        assertThat(scaleFromNoneAndBack(() -> {
                    Pod sent = pods().start(pod("producer.yaml", "Job"), "publisher", "publisher");
                    assertThat(sent.awaitExit(Duration.ofMinutes(1)))
                            .as(sent.log())
                            .isZero();
                }))
                .containsExactlyInAnyOrderElementsOf(numbersTo(292));
    }

    @Test
    void longWorkIsDoneByJobsOfOneGreetingAndNeverMoreThanTenAtOnce() throws IOException {
        broker.send(15, 3);

        assertThat(workOffByJobs("jobs/scaledjob.yaml")).containsExactlyInAnyOrderElementsOf(numbersTo(15));
    }

    private static List<Integer> numbersTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }
}
