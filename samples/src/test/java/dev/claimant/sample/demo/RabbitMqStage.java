package dev.claimant.sample.demo;

import dev.claimant.sample.HelloBroker;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.Trigger;
import java.nio.file.Path;
import java.util.Map;

/** The broker of the tests, for {@code bin/demo rabbitmq}; it ends with this JVM. */
public final class RabbitMqStage implements HelloStage {

    private final HelloBroker broker = new HelloBroker();

    @Override
    public Pods pods(Path folder, Map<String, String> more) {
        return broker.pods(folder, more);
    }

    @Override
    public Scaler scaler(Trigger trigger) {
        return broker.scaler(trigger);
    }

    @Override
    public String disturb() {
        broker.repeatOne();
        return REPEATED;
    }

    @Override
    public long messages() {
        return broker.messages();
    }

    @Override
    public void close() {}
}
