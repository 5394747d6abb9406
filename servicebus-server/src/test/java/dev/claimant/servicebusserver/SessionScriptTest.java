package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions: who has them, their order, their locks and their state. */
class SessionScriptTest extends Script {

    private void send(String session, String... bodies) {
        for (String body : bodies) {
            client.send(ORDERED, new ServiceBusMessage(body).setSessionId(session));
        }
    }

    /** Another process: one client that accepts a session twice is given its own link again. */
    private final Client other = new Client(server.connectionString());

    @AfterEach
    void endTheOther() throws Exception {
        other.close();
    }

    private Link acceptedByTheOther(String session) {
        return other.link(Client.got(other.sessions(ORDERED).acceptSession(session)), 1);
    }

    private Link accepted(String session, int credit) {
        return client.link(Client.got(client.sessions(ORDERED).acceptSession(session)), credit);
    }

    private Link acceptedNext(int credit) {
        return client.link(Client.got(client.sessions(ORDERED).acceptNextSession()), credit);
    }

    @Test
    @Behaviour("message-sessions#message-ordering")
    void messagesOfASessionComeInOrder() throws Exception {
        send("a", "1", "2", "3");
        Link link = accepted("a", 3);
        for (String body : List.of("1", "2", "3")) {
            ServiceBusReceivedMessage message = link.next();
            assertThat(message.getBody().toString()).isEqualTo(body);
            assertThat(message.getSessionId()).isEqualTo("a");
            link.complete(message);
        }
    }

    @Test
    @Behaviour("message-sessions: the receiver has an exclusive lock on all messages of the session")
    void aSessionIsGivenToOneReceiver() {
        send("a", "1");
        accepted("a", 1);
        Throwable failure =
                catchThrowable(() -> other.sessions(ORDERED).acceptSession("a").block(Client.PATIENCE));
        assertThat(failure).isNotNull();
        assertThat(server.receivers(ORDERED)).isEqualTo(1);
    }

    @Test
    @Behaviour("message-sessions: the next available session")
    void theNextFreeSessionIsAccepted() throws Exception {
        send("a", "of a");
        send("b", "of b");
        Link first = acceptedNext(1);
        Link second = acceptedNext(1);
        assertThat(List.of(
                        first.next().getBody().toString(),
                        second.next().getBody().toString()))
                .containsExactlyInAnyOrder("of a", "of b");
    }

    @Test
    @Behaviour("message-sessions: accepting waits for a session with messages")
    void acceptingWaitsForASession() throws Exception {
        var accepting = client.sessions(ORDERED).acceptNextSession().toFuture();
        await().atMost(Client.PATIENCE).until(() -> server.faults().seen("attach") > 2);
        send("late", "x");
        Link link = client.link(accepting.get(30, java.util.concurrent.TimeUnit.SECONDS), 1);
        assertThat(link.next().getSessionId()).isEqualTo("late");
    }

    @Test
    @Behaviour("message-sessions#impact-of-delivery-count: the session is closed, and nothing counts")
    void aClosedSessionIsFreeAndItsMessagesAreNotCounted() throws Exception {
        send("a", "1", "2");
        Link first = accepted("a", 2);
        first.next();
        first.next();
        first.close();
        await().atMost(Client.PATIENCE).until(() -> server.receivers(ORDERED) == 0);
        Link second = acceptedByTheOther("a");
        ServiceBusReceivedMessage message = second.next();
        assertThat(message.getBody().toString()).isEqualTo("1");
        assertThat(message.getDeliveryCount()).isZero();
    }

    @Test
    @Behaviour("message-sessions#impact-of-delivery-count: the session's lock expires, and the delivery counts")
    void aSessionWhoseLockRanOutIsFreeAndItsMessagesCount() throws Exception {
        send("a", "1");
        Link first = accepted("a", 1);
        first.next();
        server.advance(LONGER_THAN_THE_LOCK);
        ServiceBusReceivedMessage message = acceptedByTheOther("a").next();
        assertThat(message.getDeliveryCount()).isEqualTo(1);
    }

    @Test
    @Behaviour("message-sessions: settling needs the session's lock")
    void aMessageOfALostSessionIsNotSettled() throws Exception {
        send("a", "1");
        Link link = accepted("a", 1);
        ServiceBusReceivedMessage message = link.next();
        server.advance(LONGER_THAN_THE_LOCK);
        assertThat(catchThrowable(() -> link.complete(message))).isNotNull();
        assertThat(server.counts(ORDERED).active()).isEqualTo(1);
    }

    @Test
    @Behaviour("service-bus-amqp-request-response#renew-session-lock")
    void aRenewedSessionKeepsAllItsMessages() throws Exception {
        send("a", "1", "2");
        Link link = accepted("a", 2);
        ServiceBusReceivedMessage one = link.next();
        ServiceBusReceivedMessage two = link.next();
        server.advance(Duration.ofSeconds(45));
        Client.got(link.receiver.renewSessionLock());
        server.advance(Duration.ofSeconds(45));
        link.complete(one);
        link.complete(two);
        assertThat(server.counts(ORDERED).active()).isZero();
    }

    @Test
    @Behaviour("message-sessions#message-session-state")
    void theStateOfASessionOutlivesItsReceiver() {
        send("a", "1");
        Link first = accepted("a", 1);
        Client.done(first.receiver.setSessionState("step 2".getBytes(StandardCharsets.UTF_8)));
        first.close();
        await().atMost(Client.PATIENCE).until(() -> server.receivers(ORDERED) == 0);
        byte[] state = Client.got(acceptedByTheOther("a").receiver.getSessionState());
        assertThat(new String(state, StandardCharsets.UTF_8)).isEqualTo("step 2");
    }

    @Test
    @Behaviour("message-sessions: an entity with sessions takes no message without one")
    void aMessageWithoutASessionIsRefused() {
        Throwable failure = catchThrowable(() -> client.send(ORDERED, "lost"));
        assertThat(failure).hasStackTraceContaining("SessionId was not set");
        assertThat(server.counts(ORDERED).active()).isZero();
    }

    @Test
    @Behaviour("message-sessions: an entity with sessions has no other receivers")
    void aReceiverWithoutASessionIsRefused() {
        Throwable failure = catchThrowable(
                () -> client.receiver(ORDERED).receiveMessages().next().block(Client.PATIENCE));
        assertThat(failure).hasStackTraceContaining("requires sessions");
    }

    @Test
    @Behaviour("message-sessions: sessions need an entity that has them")
    void aSessionOfAQueueWithoutSessionsIsRefused() {
        Throwable failure =
                catchThrowable(() -> client.sessions(QUEUE).acceptSession("a").block(Client.PATIENCE));
        assertThat(failure).hasStackTraceContaining("does not require sessions");
    }

    @Test
    @Behaviour("service-bus-messaging-exceptions-latest: SessionLockLost")
    void renewingALostSessionIsRefused() throws Exception {
        send("a", "1");
        Link link = accepted("a", 1);
        link.next();
        server.advance(LONGER_THAN_THE_LOCK);
        assertThat(catchThrowable(() -> Client.got(link.receiver.renewSessionLock())))
                .isNotNull();
    }
}
