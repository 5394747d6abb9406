package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.sample.KubeTools;
import dev.claimant.sample.cluster.HelloEntity;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.ScaledObject;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sender's Job, the receivers and the Jobs of the shipped manifests, on a queue; and on a topic, with the patches for one. */
class ManyServiceBusHellosTest extends HelloStory {

    /** Fifty, as the manifests have it, need a machine of their own. */
    private static final int RECEIVERS = 4;

    /** Long enough to be renewed in time on a machine that is busy. */
    private static final int SHORT_LOCK_SECONDS = 10;

    private static final int LOCK_SECONDS = 60;

    private HelloEntity entity = HelloEntity.queue(LOCK_SECONDS);
    private Path manifests = super.manifests();

    ManyServiceBusHellosTest() {
        super("servicebus");
    }

    @Override
    Path manifests() {
        return manifests;
    }

    @Override
    int most(ScaledObject scaledObject) {
        return RECEIVERS;
    }

    @AfterEach
    void endServer() {
        entity.close();
    }

    @Override
    Scaler scaler(Trigger trigger) {
        return entity.scaler(trigger);
    }

    @Override
    Pods pods() {
        return entity.pods(folder, Map.of());
    }

    /** For longer than a lock holds; {@code DemoTest} plays the same with the queue. */
    @Test
    void receiversOfASubscriptionComeGreetAndGo() throws Exception {
        entity.close();
        entity = HelloEntity.subscription("greeters", SHORT_LOCK_SECONDS);
        manifests = Files.createDirectory(folder.resolve("manifests"));
        Path shipped = super.manifests();
        KubeTools.write(shipped.resolve("workers"), shipped.resolve("topic"), manifests.resolve("workers"));
        Files.copy(shipped.resolve("producer.yaml"), manifests.resolve("producer.yaml"));

        assertThat(scaleFromNoneAndBack(() -> produce(8, LOCK_SECONDS + 1)))
                .hasSize(8)
                .doesNotHaveDuplicates();
        assertThat(entity.messages()).isZero();
    }

    /** Ten sessions of two greetings each; a receiver has one at a time. */
    @Test
    void receiversOfSessionsComeAndGo() throws Exception {
        entity.close();
        entity = HelloEntity.sessions(LOCK_SECONDS);

        assertThat(scaleFromNoneAndBack(() -> produce(20, 1))).hasSize(20).doesNotHaveDuplicates();
        assertThat(entity.messages()).isZero();
    }

    @Test
    void aJobPerGreeting() throws IOException {
        entity.send(6, 2);

        assertThat(workOffByJobs("jobs/scaledjob.yaml")).hasSize(6).doesNotHaveDuplicates();
        assertThat(entity.messages()).isZero();
    }

    /** By the producer's Job, with fewer of them. */
    private void produce(int greetings, int seconds) throws InterruptedException {
        PodTemplate producer = pod("producer.yaml", "Job")
                .withArgs(List.of("send", Integer.toString(greetings), Integer.toString(seconds)));
        Pod sent = pods().start(producer, "producer", "producer");
        assertThat(sent.awaitExit(Duration.ofMinutes(1))).as(sent.log()).isZero();
    }
}
