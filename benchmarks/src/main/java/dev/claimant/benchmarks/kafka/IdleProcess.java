package dev.claimant.benchmarks.kafka;

import dev.claimant.Worker;
import dev.claimant.kafka.KafkaConfig;
import dev.claimant.kafka.KafkaSource;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A worker that does nothing, in a process of its own. Says when it has come to that, and how much heap is in use for each line that it reads. */
final class IdleProcess {

    private static final int SLOTS = 20;

    private IdleProcess() {}

    /** Arguments: the brokers, topic and group, the group protocol; raw, idle, busy or paused. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args[3].equals("raw")) {
            Thread loop = new Thread(() -> poll(args[0], args[1], args[2]), "loop");
            loop.setDaemon(true);
            loop.start();
            answer();
            return;
        }
        KafkaSource source = KafkaSource.of(KafkaConfig.group(args[0], args[1] + "-" + args[2] + "-" + args[3], args[1])
                .deadLetterTopic(args[1] + ".dead")
                .property("group.protocol", args[2])
                .build());
        CountDownLatch taken = new CountDownLatch(args[3].equals("idle") ? 0 : SLOTS);
        CountDownLatch never = new CountDownLatch(1);
        Worker worker = Worker.builder(source)
                .slots(SLOTS)
                .handler(claim -> {
                    taken.countDown();
                    if (!args[3].equals("paused")) {
                        never.await();
                    }
                })
                .build();
        worker.start();
        taken.await();
        if (args[3].equals("paused")) {
            worker.pause();
        }
        answer();
    }

    private static void poll(String servers, String topic, String protocol) {
        Map<String, Object> settings = new HashMap<>(new Target(servers, topic).consumer());
        settings.put("group.protocol", protocol);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (true) {
                if (!consumer.poll(Duration.ofMillis(100)).isEmpty()) {
                    consumer.commitSync();
                }
            }
        }
    }

    private static void answer() throws IOException {
        System.out.println("ready");
        while (System.in.read() >= 0) {
            System.gc();
            System.gc();
            System.out.println(
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        System.exit(0);
    }
}
