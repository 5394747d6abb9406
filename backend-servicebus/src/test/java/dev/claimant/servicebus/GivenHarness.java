package dev.claimant.servicebus;

import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Harness;
import dev.claimant.contract.NotApplicable;
import dev.claimant.contract.Sending;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The queue {@code contract} on the server that {@code CLAIMANT_SERVICEBUS_CONNECTION_STRING} names, with locks of
 * {@code CLAIMANT_SERVICEBUS_LOCK_SECONDS} and at least 100 deliveries. Rules take turns, since there is one queue; time truly passes.
 */
final class GivenHarness implements Harness {

    private static final String QUEUE = "contract";
    private static final Semaphore TURN = new Semaphore(1);

    private final String connectionString;
    private final Duration lock;
    private final Hands hands;

    private GivenHarness(String connectionString, Duration lock) {
        TURN.acquireUninterruptibly();
        this.connectionString = connectionString;
        this.lock = lock;
        hands = new Hands(connectionString, QUEUE, null, false);
        hands.empty();
    }

    /** The named server's, if one is named. */
    static @Nullable Harness ofEnvironment() {
        String given = System.getenv("CLAIMANT_SERVICEBUS_CONNECTION_STRING");
        String seconds = Objects.requireNonNullElse(System.getenv("CLAIMANT_SERVICEBUS_LOCK_SECONDS"), "5");
        return given == null ? null : new GivenHarness(given, Duration.ofSeconds(Long.parseLong(seconds)));
    }

    @Override
    public String name() {
        return "Service Bus queue, " + connectionString.replaceAll(".*Endpoint=sb://([^;/]*).*", "$1");
    }

    @Override
    public Source newSource() {
        return ServiceBusSource.of(ServiceBusConfig.queue(QUEUE)
                .connectionString(connectionString)
                .lockLength(lock)
                .requestTimeout(Duration.ofSeconds(4))
                .silence(Duration.ofSeconds(2))
                .build());
    }

    @Override
    public String send(Sending message) {
        return hands.send(message);
    }

    @Override
    public List<DeadMessage> deadLetters() {
        return hands.deadLetters();
    }

    @Override
    public long scaler() {
        return hands.active();
    }

    @Override
    public int connections() {
        throw new NotApplicable("the connections of a given server are not counted");
    }

    @Override
    public Duration patience() {
        return TestEntity.PATIENCE;
    }

    @Override
    public Duration quiet() {
        return Duration.ofMillis(500);
    }

    @Override
    public Duration precision() {
        return Duration.ofSeconds(2);
    }

    @Override
    public Duration retryDelay() {
        return Duration.ofSeconds(10);
    }

    @Override
    public int rounds() {
        return 2;
    }

    @Override
    public void close() {
        hands.close();
        TURN.release();
    }
}
