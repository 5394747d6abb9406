package dev.claimant.sample.stories;

import dev.claimant.contract.Wire;
import dev.claimant.sample.cluster.HelloQueue;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.spi.Source;
import dev.claimant.sqs.SqsSource;
import dev.claimant.sqs.TestServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** SQS brings a message again when its lock has ended; connections are cut twice on the way. */
class RepeatedSqsHelloTest extends RepeatedHelloStory {

    /** Enough to be killed and cut in the middle of; 10,000 by {@code -Dclaimant.sample.greetings=10000}. */
    private static final int GREETINGS = Integer.getInteger("claimant.sample.greetings", 2_000);

    private final URI server = TestServer.main().endpoint();
    private final Wire wire = Wire.to(server.getHost(), server.getPort());
    private HelloQueue queue;

    RepeatedSqsHelloTest() {
        super("sqs", GREETINGS);
    }

    @BeforeEach
    void createQueue() {
        queue = new HelloQueue("http://127.0.0.1:" + wire.port());
    }

    @AfterEach
    void closeWire() {
        wire.close();
    }

    @Override
    Source source() {
        return SqsSource.of(queue.config().lockLength(Duration.ofSeconds(3)).build());
    }

    @Override
    void send(int greetings) throws IOException {
        queue.send(greetings, 0);
    }

    @Override
    long left() {
        return queue.messages();
    }

    @Override
    Pods pods(Map<String, String> environment) {
        Map<String, String> ours = new HashMap<>(environment);
        ours.putAll(queue.environment());
        ours.put("SQS_LOCK_SECONDS", "10");
        return queue.pods(folder, ours);
    }

    @Override
    void disturb() {
        wire.disconnect();
    }
}
