package dev.claimant.sample.demo;

import dev.claimant.sample.UsageException;
import dev.claimant.sample.cluster.HelloEntity;
import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sample.cluster.LocalSqs;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.cluster.Scaler;
import dev.claimant.sample.keda.Trigger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The source of a demo of greetings: a server on this machine, with what an administrator prepares there. */
public interface HelloStage extends AutoCloseable {

    String REPEATED = "One of them is sent a second time, as by a producer that was not sure.";

    /** Pods that find their keys where the manifests say, and this besides. */
    Pods pods(Path folder, Map<String, String> more);

    Scaler scaler(Trigger trigger);

    /** The triggers of the ScaledObject that is played; those that are shipped, unless more belong to this source. */
    default List<Trigger> triggers(List<Trigger> shipped) {
        return shipped;
    }

    /** Sends something that makes it difficult; returns what, as a sentence. */
    String disturb();

    /** How many of the greetings {@link #disturb} asks for, not the producer's Job. */
    default int greetingsOfItsOwn() {
        return 0;
    }

    /** How many messages must be given up. */
    default int poison() {
        return 0;
    }

    /** How many were. */
    default int dead() {
        return 0;
    }

    /** How many messages must wait elsewhere for their next try. */
    default int tooEarly() {
        return 0;
    }

    /** How many have done so. */
    default int retried() {
        return 0;
    }

    /** How many messages are left, in work or not. */
    long messages();

    @Override
    void close();

    static HelloStage sqs() throws InterruptedException {
        if (!LocalSqs.isAvailable()) {
            throw new UsageException("the demo needs an SQS server: start it as bin/demo sqs");
        }
        LocalSqs server = LocalSqs.start();
        HelloQueue queue = new HelloQueue(server.endpoint());
        return new HelloStage() {
            @Override
            public Pods pods(Path folder, Map<String, String> more) {
                Map<String, String> all = new HashMap<>(more);
                all.putAll(queue.environment());
                all.put("SQS_LOCK_SECONDS", "10"); // after a kill, a minute would be long at this pace
                return queue.pods(folder, all);
            }

            @Override
            public Scaler scaler(Trigger trigger) {
                return queue.scaler(trigger);
            }

            @Override
            public String disturb() {
                queue.repeatOne();
                return REPEATED;
            }

            @Override
            public long messages() {
                return queue.messages();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    /** With the shortest lock that there is, so that it must be renewed within a greeting. */
    static HelloStage serviceBus() {
        HelloEntity entity = HelloEntity.queue(5);
        return new HelloStage() {
            @Override
            public Pods pods(Path folder, Map<String, String> more) {
                return entity.pods(folder, more);
            }

            @Override
            public Scaler scaler(Trigger trigger) {
                return entity.scaler(trigger);
            }

            @Override
            public String disturb() {
                entity.repeatOne();
                return REPEATED;
            }

            @Override
            public long messages() {
                return entity.messages();
            }

            @Override
            public void close() {
                entity.close();
            }
        };
    }
}
