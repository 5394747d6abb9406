package dev.claimant.benchmarks.kafka;

import dev.claimant.benchmarks.harness.ProcessorTime;
import dev.claimant.kafka.KraftBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * {@code bin/bench kafka-idle}: what a worker costs while there is nothing to do, and while all its slots are taken and a long backlog waits:
 * processor time and heap, on both group protocols, each in a process of its own.
 */
final class IdleMain {

    private static final int PARTITIONS = 6;
    private static final int FEW = 50_000;
    private static final int SETTLE_SECONDS = 5;
    private static final byte[] BODY = new byte[20];

    private final KraftBroker broker;
    private final int seconds;

    private IdleMain(KraftBroker broker, int seconds) {
        this.broker = broker;
        this.seconds = seconds;
    }

    /** Arguments: for how many seconds each case is measured, and how many messages the long backlog has. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        int many = args.length > 1 ? Integer.parseInt(args[1]) : 5_000_000;
        try (KraftBroker broker = KraftBroker.start(Map.of())) {
            IdleMain idle = new IdleMain(broker, seconds);
            idle.fill("none", 0);
            idle.fill("few", FEW);
            idle.fill("many", many);
            System.out.println(
                    "20 slots, " + PARTITIONS + " partitions, " + seconds
                            + " s each: processor time in ms for each second; heap in MB after a collection, at the beginning and at the end");
            for (String protocol : List.of("classic", "consumer")) {
                idle.measure(protocol + ", a loop written by hand, idle", protocol, "raw", "none");
                idle.measure(protocol + ", idle", protocol, "idle", "none");
                idle.measure(protocol + ", slots taken, backlog " + FEW, protocol, "busy", "few");
                idle.measure(protocol + ", slots taken, backlog " + many, protocol, "busy", "many");
                idle.measure(protocol + ", paused, backlog " + many, protocol, "paused", "many");
            }
        }
        System.exit(0); // threads of the broker stay
    }

    private void fill(String topic, int messages) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.url()))) {
            admin.createTopics(List.of(
                            new NewTopic(topic, PARTITIONS, (short) 1), new NewTopic(topic + ".dead", 1, (short) 1)))
                    .all()
                    .get();
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.url(),
                        "batch.size",
                        "65536",
                        "linger.ms",
                        "5",
                        // A new topic's partitions may have no leader yet, and the order does not matter.
                        "enable.idempotence",
                        "false"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, BODY)));
                if (sent.size() == FEW) {
                    confirm(sent);
                }
            }
            confirm(sent);
        }
    }

    private static void confirm(List<Future<RecordMetadata>> sent) throws InterruptedException, ExecutionException {
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
        sent.clear();
    }

    private void measure(String what, String protocol, String state, String topic)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        IdleProcess.class.getName(),
                        broker.url(),
                        topic,
                        protocol,
                        state)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader();
                Writer input = process.outputWriter()) {
            output.readLine();
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            double heapBefore = heap(input, output);
            double micros = ProcessorTime.microsOfServer(process.pid());
            long began = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            double used = ProcessorTime.microsOfServer(process.pid()) - micros;
            double took = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%-50s %6.1f ms/s  heap %5.1f, then %5.1f MB%n",
                    what,
                    used / 1e3 / took,
                    heapBefore,
                    heap(input, output));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static double heap(Writer input, BufferedReader output) throws IOException {
        input.write("\n");
        input.flush();
        String answer = output.readLine();
        if (answer == null) {
            throw new IOException("the process has ended");
        }
        return Long.parseLong(answer) / 1e6;
    }
}
