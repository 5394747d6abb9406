package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sessions: who has them, their order, their locks and their state. */
final class SessionScript extends Script {

    private void send(String session, String... bodies) {
        for (String body : bodies) {
            client.send(ORDERED, Outgoing.of(body).session(session));
        }
    }

    private SdkReceiver accepted(String session) {
        return client.session(ORDERED, session);
    }

    /** A session that was closed may be free a moment later. */
    private SdkReceiver acceptedByAnother(String session) {
        SdkClient other = another();
        return await().ignoreExceptions()
                .atMost(Client.PATIENCE)
                .until(() -> other.session(ORDERED, session), receiver -> true);
    }

    @Behaviour("message-sessions#message-ordering")
    void messagesOfASessionComeInOrder() {
        send("a", "1", "2", "3");
        SdkReceiver session = accepted("a");
        for (String body : List.of("1", "2", "3")) {
            Incoming message = session.next();
            assertThat(message.text()).isEqualTo(body);
            assertThat(message.get("sessionId")).isEqualTo("a");
            session.complete(message);
        }
    }

    @Behaviour("message-sessions: the receiver has an exclusive lock on all messages of the session")
    void aSessionIsGivenToOneReceiver() {
        send("a", "1");
        SdkReceiver first = accepted("a");
        SdkClient other = another();
        assertRefused(() -> other.session(ORDERED, "a"));
        assertThat(first.next().text()).isEqualTo("1");
    }

    @Behaviour("message-sessions: the next available session")
    void theNextFreeSessionIsAccepted() {
        send("a", "of a");
        send("b", "of b");
        SdkReceiver first = client.session(ORDERED, null);
        SdkReceiver second = client.session(ORDERED, null);
        assertThat(List.of(first.next().text(), second.next().text())).containsExactlyInAnyOrder("of a", "of b");
        assertThat(List.of(first.session(), second.session())).containsExactlyInAnyOrder("a", "b");
    }

    @Behaviour("message-sessions: a receiver has one session, and gets no message of another")
    void aReceiverGetsMessagesOfItsSessionOnly() {
        send("b", "of b");
        send("a", "of a", "of a, too");
        SdkReceiver session = accepted("a");
        assertThat(session.receive(2).stream().map(Incoming::text)).containsExactly("of a", "of a, too");
    }

    @Behaviour("message-sessions: accepting waits for a session with messages")
    void acceptingWaitsForASession() {
        Faults seen = target.own().faults();
        int before = seen.seen("attach");
        SdkClient other = another();
        CompletableFuture<SdkReceiver> accepting = CompletableFuture.supplyAsync(() -> other.session(ORDERED, null));
        await().atMost(Client.PATIENCE).until(() -> seen.seen("attach") > before + 2); // two are of $cbs
        send("late", "x");
        assertThat(accepting.orTimeout(30, TimeUnit.SECONDS).join().next().get("sessionId"))
                .isEqualTo("late");
    }

    @Behaviour("message-sessions#impact-of-delivery-count: the session is closed, and nothing counts")
    void aClosedSessionIsFreeAndItsMessagesAreNotCounted() {
        send("a", "1", "2");
        SdkReceiver first = accepted("a");
        first.receive(2);
        first.close();
        Incoming message = acceptedByAnother("a").next();
        assertThat(message.text()).isEqualTo("1");
        assertThat(message.deliveryCount()).isZero();
    }

    @Behaviour("message-sessions#impact-of-delivery-count: the session's lock expires, and the delivery counts")
    void aSessionWhoseLockRanOutIsFreeAndItsMessagesCount() {
        send("a", "1");
        accepted("a").next();
        untilTheLockIsOver();
        assertThat(acceptedByAnother("a").next().deliveryCount()).isEqualTo(1);
    }

    @Behaviour("message-sessions: settling needs the session's lock")
    void aMessageOfALostSessionIsNotSettled() {
        send("a", "1");
        SdkReceiver session = accepted("a");
        Incoming message = session.next();
        untilTheLockIsOver();
        assertRefused(session::renewSession); // the link's end has come, too, by now: the SDKs do not settle on
        assertRefused(() -> session.complete(message));
        assertThat(active(ORDERED)).containsExactly("1");
    }

    @Behaviour("service-bus-amqp-request-response#renew-session-lock")
    void aRenewedSessionKeepsAllItsMessages() {
        send("a", "1", "2");
        SdkReceiver session = accepted("a");
        List<Incoming> messages = session.receive(2);
        target.pass(locks(75));
        session.renewSession();
        target.pass(locks(75));
        messages.forEach(session::complete);
        assertNothingIsLeft(ORDERED);
    }

    @Behaviour("message-sessions#message-session-state")
    void theStateOfASessionOutlivesItsReceiver() {
        send("a", "1");
        SdkReceiver first = accepted("a");
        first.setState("step 2".getBytes(StandardCharsets.UTF_8));
        first.close();
        assertThat(acceptedByAnother("a").state()).isEqualTo("step 2".getBytes(StandardCharsets.UTF_8));
    }

    @Behaviour("message-sessions: an entity with sessions takes no message without one")
    void aMessageWithoutASessionIsRefused() {
        assertRefused(() -> client.send(ORDERED, "lost"));
        assertNothingIsLeft(ORDERED);
    }

    @Behaviour("message-sessions: an entity with sessions has no other receivers")
    void aReceiverWithoutASessionIsRefused() {
        send("a", "1");
        assertThatThrownBy(() -> client.receiver(ORDERED).next()).hasStackTraceContaining("requires sessions");
    }

    @Behaviour("message-sessions: sessions need an entity that has them")
    void aSessionOfAQueueWithoutSessionsIsRefused() {
        client.send(QUEUE, "one");
        assertRefused(() -> client.session(QUEUE, "a"));
        assertThat(client.receiver(QUEUE).next().text()).isEqualTo("one");
    }

    @Behaviour("service-bus-messaging-exceptions-latest: SessionLockLost")
    void renewingALostSessionIsRefused() {
        send("a", "1");
        SdkReceiver session = accepted("a");
        session.next();
        untilTheLockIsOver();
        assertRefused(session::renewSession);
    }
}
