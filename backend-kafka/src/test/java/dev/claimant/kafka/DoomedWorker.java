package dev.claimant.kafka;

import static java.nio.file.StandardOpenOption.APPEND;

import dev.claimant.Claim;
import dev.claimant.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A worker in a process of its own that is going to be killed. It writes down each message that it has done, before it returns. */
final class DoomedWorker {

    static final int SLOTS = 20;
    private static final long WORK_NANOS = 20_000_000;

    private DoomedWorker() {}

    /**
     * Works until it is killed.
     *
     * @param args the broker, topic and group, dead-letter topic, file; and the text with which the messages begin that are never done
     */
    public static void main(String[] args) {
        KafkaConfig config = KafkaConfig.group(args[0], args[1], args[1])
                .deadLetterTopic(args[2])
                .lockLength(Duration.ofSeconds(3))
                .build();
        Path done = Path.of(args[3]);
        try (KafkaSource source = KafkaSource.of(config);
                Worker worker = Worker.builder(source)
                        .slots(SLOTS)
                        .handler(claim -> handle(claim, done, args[4]))
                        .build()) {
            worker.run();
        }
    }

    private static void handle(Claim claim, Path done, String endless) throws IOException, InterruptedException {
        if (claim.text().startsWith(endless)) {
            new CountDownLatch(1).await();
        }
        LockSupport.parkNanos(WORK_NANOS);
        Files.writeString(done, claim.id() + "\n", APPEND);
    }
}
