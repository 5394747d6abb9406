package dev.claimant.sample.demo;

import dev.claimant.sample.UsageException;
import dev.claimant.sample.cluster.HelloTopic;
import dev.claimant.sample.cluster.LocalKafka;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A topic of six partitions: one of its messages takes long, one comes too early, and one cannot be done at all. */
final class KafkaStage implements HelloStage {

    private static final int SLOW_SECONDS = 15;
    private final HelloTopic topic;

    KafkaStage() throws InterruptedException {
        if (!LocalKafka.isAvailable()) {
            throw new UsageException("the demo needs a Kafka broker: start it as bin/demo kafka");
        }
        topic = HelloTopic.start();
    }

    @Override
    public Pods pods(Path folder, Map<String, String> more) {
        return topic.pods(folder, more);
    }

    @Override
    public Scaler scaler(Trigger trigger) {
        return topic.scaler(trigger);
    }

    @Override
    public List<Trigger> triggers(List<Trigger> shipped) {
        return List.of(shipped.get(0), HelloTopic.retryTrigger(shipped.get(0)));
    }

    @Override
    public String disturb() {
        topic.sendSlow(SLOW_SECONDS);
        topic.sendTooEarly();
        topic.sendPoison();
        return "One more takes " + SLOW_SECONDS
                + " s, and holds back no other of its partition; one comes too early, and waits in a retry topic;"
                + " one message besides is poison.";
    }

    @Override
    public int greetingsOfItsOwn() {
        return 2;
    }

    @Override
    public int tooEarly() {
        return 1;
    }

    @Override
    public int retried() {
        return topic.retried();
    }

    @Override
    public int poison() {
        return 1;
    }

    @Override
    public int dead() {
        return topic.dead();
    }

    @Override
    public long messages() {
        return topic.messages();
    }

    @Override
    public void close() {
        topic.close();
    }
}
