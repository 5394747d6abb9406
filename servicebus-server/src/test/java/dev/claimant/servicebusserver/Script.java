package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.catchThrowable;

import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Mono;

/** What the parts of the conformance script share: a server with a queue, and a client. */
abstract class Script {

    static final String QUEUE = "orders";
    static final String ORDERED = "ordered";
    static final Duration LOCK = Duration.ofMinutes(1);
    static final Duration LONGER_THAN_THE_LOCK = LOCK.plusSeconds(1);

    final ServiceBusServer server = ServiceBusServer.start();
    final Client client = new Client(server.connectionString());

    @BeforeEach
    void addQueues() {
        server.addQueue(QUEUE, EntityOptions.defaults().lockDuration(LOCK).maxDeliveryCount(4));
        server.addQueue(ORDERED, EntityOptions.defaults().lockDuration(LOCK).requireSession());
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        server.close();
    }

    /** Why the operation failed; fails if it did not. */
    static ServiceBusFailureReason reason(Mono<?> operation) {
        Throwable failure = catchThrowable(() -> operation.block(Client.PATIENCE));
        if (failure instanceof ServiceBusException refused) {
            return refused.getReason();
        }
        throw new AssertionError("expected a refusal by the service", failure);
    }
}
