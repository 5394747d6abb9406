package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The hooks and switches with which tests of clients break things. */
class FaultTest {

    private static final String QUEUE = "orders";
    private static final Duration LONGER_THAN_THE_LOCK = Duration.ofSeconds(61);

    private final ServiceBusServer server = ServiceBusServer.start();
    private final Client client = new Client(server.connectionString());

    @BeforeEach
    void addQueue() {
        server.addQueue(QUEUE, EntityOptions.defaults());
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        server.close();
    }

    /** Why the operation failed; fails if it did not. */
    private static ServiceBusFailureReason reason(Mono<?> operation) {
        Throwable failure = catchThrowable(() -> operation.block(Client.PATIENCE));
        if (failure instanceof ServiceBusException refused) {
            return refused.getReason();
        }
        throw new AssertionError("expected a refusal by the service", failure);
    }

    @Test
    void anOperationFailsAsOftenAsPlanned() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        server.faults().fail("renew-lock", 3, "com.microsoft:server-busy"); // as often as the SDK tries
        assertThat(reason(link.receiver.renewMessageLock(message))).isEqualTo(ServiceBusFailureReason.SERVICE_BUSY);
        server.faults().clear();
        Client.got(link.receiver.renewMessageLock(message));
    }

    @Test
    void anOperationWithoutAnAnswerIsDoneOrNot() throws Exception {
        client.send(QUEUE, "one", "two");
        Link link = client.link(client.receiver(QUEUE), 2);
        Duration wait = Duration.ofSeconds(2);
        server.faults().ignore("complete", 1);
        assertThat(catchThrowable(() -> link.receiver.complete(link.next()).block(wait)))
                .isNotNull();
        assertThat(server.counts(QUEUE).active()).isEqualTo(2);
        server.faults().loseAnswers("complete", 1);
        assertThat(catchThrowable(() -> link.receiver.complete(link.next()).block(wait)))
                .isNotNull();
        assertThat(server.counts(QUEUE).active()).isEqualTo(1);
    }

    @Test
    void aLateAnswerComes() {
        server.faults().delay("send", 1, Duration.ofMillis(200));
        long before = System.nanoTime();
        client.send(QUEUE, "one");
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(200_000_000L);
    }

    @Test
    void aClientFindsTheServerAgainAfterAPause() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        link.next();
        server.pause();
        await().atMost(Client.PATIENCE).until(() -> server.connections() == 0);
        server.resume();
        server.advance(LONGER_THAN_THE_LOCK);
        assertThat(link.another().getBody().toString()).isEqualTo("one");
    }

    @Test
    void aHalfOpenConnectionHearsNothingAndIsNotHeard() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        server.silenceConnections();
        int renewals = server.faults().seen("renew-lock");
        assertThat(catchThrowable(() -> link.receiver.renewMessageLock(message).block(Duration.ofSeconds(1))))
                .isInstanceOf(IllegalStateException.class); // that is how block says that its time is over
        assertThat(server.faults().seen("renew-lock")).isEqualTo(renewals);
        try (Client other = new Client(server.connectionString())) {
            other.send(QUEUE, "two");
            assertThat(other.link(QUEUE).next().getBody().toString()).isEqualTo("two");
        }
    }

    @Test
    void locksEndWithTheirLinkWhereASwitchSaysSo() throws Exception {
        try (ServiceBusServer other = ServiceBusServer.start(Switch.LOCKS_END_WITH_CONNECTION);
                Client mine = new Client(other.connectionString())) {
            other.addQueue(QUEUE, EntityOptions.defaults());
            mine.send(QUEUE, "one");
            mine.link(QUEUE).next();
            other.dropConnections();
            await().atMost(Client.PATIENCE).until(() -> other.locked(QUEUE) == 0 || other.connections() > 0);
            Link next = mine.link(QUEUE);
            assertThat(next.next().getDeliveryCount()).isEqualTo(1);
        }
    }

    @Test
    void lockedMessagesLeaveTheActiveCountWhereASwitchSaysSo() throws Exception {
        try (ServiceBusServer other = ServiceBusServer.start(Switch.LOCKED_NOT_ACTIVE);
                Client mine = new Client(other.connectionString())) {
            other.addQueue(QUEUE, EntityOptions.defaults());
            mine.send(QUEUE, "one");
            mine.link(QUEUE).next();
            assertThat(other.counts(QUEUE).active()).isZero();
        }
    }

    @Test
    void settlementsAreRefusedAfterSeventeenMinutesWhereASwitchSaysSo() throws Exception {
        try (ServiceBusServer other = ServiceBusServer.start(Switch.SETTLEMENT_REFUSED_AFTER_17_MINUTES);
                Client mine = new Client(other.connectionString())) {
            other.addQueue(QUEUE, EntityOptions.defaults().lockDuration(Duration.ofMinutes(5)));
            mine.send(QUEUE, "one");
            Link link = mine.link(QUEUE);
            ServiceBusReceivedMessage message = link.next();
            for (int i = 0; i < 5; i++) {
                other.advance(Duration.ofMinutes(4));
                Client.got(link.receiver.renewMessageLock(message));
            }
            assertThat(reason(link.receiver.complete(message))).isEqualTo(ServiceBusFailureReason.MESSAGE_LOCK_LOST);
        }
    }

    /** Else the next message waits until the client's kernel confirms the last answer: 40 ms for an idle client. */
    @Test
    void noFrameWaitsForTheConfirmationOfTheOneBefore() {
        client.send(QUEUE, "one");
        assertThat(server.connections()).isPositive();
        assertThat(server.sendsAtOnce()).isTrue();
    }

    @Test
    void theAdministrationApiTellsCountsToWhoMayManage() throws Exception {
        client.send(QUEUE, new ServiceBusMessage("one"));
        HttpResponse<String> refused = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.adminPort() + "/" + QUEUE))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(401);
    }
}
