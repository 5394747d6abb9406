package dev.claimant.kafka;

import dev.claimant.ChildProcess;
import dev.claimant.Worker;
import dev.claimant.contract.ModularApplication;
import java.nio.file.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class ModuleTest {

    private static final String BODY = """
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", args[0]), new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(args[1], "hello".getBytes())).get();
            }
            KafkaConfig config = KafkaConfig.group(args[0], args[1], args[1]).deadLetterTopic(args[2]).build();
            try (KafkaSource source = KafkaSource.of(config);
                    Worker worker = Worker.builder(source).handler(claim -> System.out.println("handled " + claim.text())).build()) {
                System.out.println("job: " + worker.runJob(JobOptions.messages(1).idleTimeout(Duration.ofSeconds(30))).exitCode());
            }
            """;

    @Test
    void aModularApplicationWorksOnAMessage(@TempDir Path directory) throws Exception {
        ModularApplication application = new ModularApplication(
                directory,
                "requires dev.claimant.kafka;",
                "import dev.claimant.*; import dev.claimant.kafka.*; import java.time.Duration; import java.util.Map;"
                        + "import org.apache.kafka.clients.producer.*; import org.apache.kafka.common.serialization.*;",
                BODY,
                KafkaSource.class,
                Worker.class,
                KafkaProducer.class,
                Logger.class,
                org.jspecify.annotations.Nullable.class);
        try (TestTopic topic = new TestTopic(1);
                ChildProcess process = application.run(TestBroker.url(), topic.name, topic.deadTopic)) {
            process.await("handled hello");
            process.await("job: 0");
        }
    }
}
