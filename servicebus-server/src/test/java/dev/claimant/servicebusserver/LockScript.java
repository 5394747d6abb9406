package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;

/** Locks, renewals and settlements. */
final class LockScript extends Script {

    private static final String LOCK_LOST = "MESSAGE_LOCK_LOST";

    @Behaviour("message-transfers-locks-settlement#peeklock")
    void aCompletedMessageIsGone() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        receiver.complete(receiver.next());
        assertNothingIsLeft(QUEUE);
    }

    @Behaviour("message-transfers-locks-settlement#peeklock")
    void aLockedMessageIsGivenToNobodyElse() {
        client.send(QUEUE, "one");
        client.receiver(QUEUE).next();
        SdkReceiver second = client.receiver(QUEUE);
        client.send(QUEUE, "two");
        assertThat(second.next().text()).isEqualTo("two");
        assertThat(active(QUEUE)).containsExactly("one", "two");
    }

    @Behaviour("message-transfers-locks-settlement#peeklock: the lock expires and the message becomes available")
    void aMessageComesBackWhenItsLockRunsOut() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming first = receiver.next();
        untilTheLockIsOver();
        Incoming second = receiver.next();
        assertThat(second.sequence()).isEqualTo(first.sequence());
        assertThat(second.get("lockToken")).isNotEqualTo(first.get("lockToken"));
        assertThat(second.deliveryCount()).isEqualTo(1);
    }

    @Behaviour("message-transfers-locks-settlement: a stale token never settles")
    void aTokenWhoseLockRanOutCompletesNothing() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming first = receiver.next();
        untilTheLockIsOver();
        assertRefused(() -> receiver.complete(first)).isEqualTo(LOCK_LOST);
        assertThat(active(QUEUE)).containsExactly("one");
    }

    @Behaviour("message-transfers-locks-settlement: a stale token never settles")
    void aTokenOfAnEarlierLockDoesNotAbandonTheNextOne() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming first = receiver.next();
        untilTheLockIsOver();
        Incoming second = receiver.next();
        assertRefused(() -> receiver.abandon(first)).isEqualTo(LOCK_LOST);
        receiver.complete(second);
        assertNothingIsLeft(QUEUE);
    }

    @Behaviour("message-transfers-locks-settlement: a stale token never settles")
    void aTokenWhoseLockRanOutDeadLettersNothing() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming first = receiver.next();
        untilTheLockIsOver();
        try {
            receiver.deadLetter(first, "too late", "", Map.of());
        } catch (Refusal e) {
            assertThat(e.reason()).isEqualTo(LOCK_LOST); // the SDK for Java says nothing
        }
        assertThat(active(QUEUE)).containsExactly("one");
        assertThat(dead(QUEUE)).isEmpty();
    }

    @Behaviour("message-transfers-locks-settlement#renew-locks")
    void aRenewedLockHoldsItsFullLengthFromTheRenewal() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming message = receiver.next();
        target.pass(locks(75));
        receiver.renew(message);
        target.pass(locks(75));
        receiver.complete(message);
        assertNothingIsLeft(QUEUE);
    }

    @Behaviour("service-bus-amqp-request-response#message-renew-lock: status 410 when the lock is gone")
    void aLockThatRanOutIsNotRenewed() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming message = receiver.next();
        untilTheLockIsOver();
        assertRefused(() -> receiver.renew(message)).isEqualTo(LOCK_LOST);
    }

    @Behaviour("service-bus-amqp-request-response#message-renew-lock")
    void aCompletedMessageIsNotRenewed() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming message = receiver.next();
        receiver.complete(message);
        assertRefused(() -> receiver.renew(message));
    }

    @Behaviour("service-bus-amqp-request-response#message-renew-lock")
    void anAbandonedMessageIsNotRenewed() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming message = receiver.next();
        receiver.abandon(message);
        assertRefused(() -> receiver.renew(message));
        assertThat(receiver.next().deliveryCount()).isEqualTo(1);
    }

    @Behaviour("message-transfers-locks-settlement: abandon gives the lock up at once, and the delivery counts")
    void anAbandonedMessageComesBackAtOnceAndCounts() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming first = receiver.next();
        assertThat(first.deliveryCount()).isZero();
        receiver.abandon(first);
        assertThat(receiver.next().deliveryCount()).isEqualTo(1);
    }

    @Behaviour("service-bus-amqp-protocol-guide#receive-messages: modified carries properties to modify")
    void anAbandonedMessageKeepsTheNewProperties() {
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        receiver.abandon(receiver.next(), Map.of("tried-by", "worker-1"));
        assertThat(receiver.next().properties()).containsEntry("tried-by", "worker-1");
    }

    @Behaviour("service-bus-dead-letter-queues#maximum-delivery-count")
    void aMessageThatIsDeliveredTooOftenIsDeadLettered() {
        client.send(QUEUE, "poison");
        SdkReceiver receiver = client.receiver(QUEUE);
        for (int count = 0; count < 4; count++) {
            Incoming message = receiver.next();
            assertThat(message.deliveryCount()).isEqualTo(count);
            receiver.abandon(message);
        }
        assertThat(active(QUEUE)).isEmpty();
        Incoming dead = client.receiver(QUEUE + Entities.DEAD_LETTERS).next();
        assertThat(dead.get("deadLetterReason")).isEqualTo("MaxDeliveryCountExceeded");
    }

    @Behaviour("service-bus-dead-letter-queues#application-level-dead-lettering")
    void aDeadLetterKeepsReasonDescriptionAndProperties() {
        client.send(QUEUE, "bad");
        SdkReceiver receiver = client.receiver(QUEUE);
        receiver.deadLetter(receiver.next(), "unreadable", "not JSON", Map.of("by", "worker-1"));
        Incoming dead = client.receiver(QUEUE + Entities.DEAD_LETTERS).next();
        assertThat(dead.get("deadLetterReason")).isEqualTo("unreadable");
        assertThat(dead.get("deadLetterDescription")).isEqualTo("not JSON");
        assertThat(dead.properties()).containsEntry("by", "worker-1");
        assertThat(dead.text()).isEqualTo("bad");
    }

    @Behaviour("service-bus-dead-letter-queues: a dead letter stays until it is completed, and never expires")
    void aDeadLetterIsReadLikeAnyMessage() {
        client.send(QUEUE, "bad");
        SdkReceiver receiver = client.receiver(QUEUE);
        receiver.deadLetter(receiver.next(), "r", "d", Map.of());
        SdkReceiver dead = client.receiver(QUEUE + Entities.DEAD_LETTERS);
        for (int time = 0; time < 5; time++) {
            dead.abandon(dead.next());
        }
        dead.complete(dead.next());
        assertNothingIsLeft(QUEUE);
    }

    @Behaviour("message-deferral: deferred messages are received by sequence number alone")
    void aDeferredMessageIsReceivedByItsNumberOnly() {
        client.send(QUEUE, "later", "now");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming later = receiver.next();
        receiver.defer(later);
        assertThat(those(QUEUE, "DEFERRED")).containsExactly("later");
        assertThat(receiver.next().text()).isEqualTo("now");
        Incoming again = receiver.deferred(later.sequence());
        assertThat(again.text()).isEqualTo("later");
        receiver.complete(again);
        assertThat(those(QUEUE, "DEFERRED")).isEmpty();
    }

    @Behaviour("message-transfers-locks-settlement#receiveanddelete")
    void aMessageThatIsReceivedAndDeletedIsGone() {
        client.send(QUEUE, "one");
        client.deleting(QUEUE).next();
        assertNothingIsLeft(QUEUE);
    }

    @Behaviour("service-bus-amqp-protocol-guide#receive-messages: link credit bounds what is sent")
    void noMoreIsLockedThanThereIsCredit() {
        client.send(QUEUE, "1", "2", "3", "4", "5");
        client.receiver(QUEUE).receive(3);
        SdkReceiver second = client.receiver(QUEUE);
        assertThat(second.receive(2).stream().map(Incoming::text)).containsExactly("4", "5");
        assertThat(active(QUEUE)).hasSize(5);
    }

    @Behaviour("azure-sdk-for-java: ServiceBusReactorReceiver settles over the management node when its link is gone")
    void aLockOutlivesItsLink() {
        ServiceBusServer server = target.own();
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming message = receiver.next();
        server.detachLinks(QUEUE, "amqp:link:detach-forced");
        completeInTheEnd(receiver, message);
    }

    @Behaviour("azure-sdk-for-java: RETRY of a settlement after a connection is lost")
    void aLockOutlivesItsConnection() {
        ServiceBusServer server = target.own();
        client.send(QUEUE, "one");
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming message = receiver.next();
        server.dropConnections();
        completeInTheEnd(receiver, message);
    }

    private void completeInTheEnd(SdkReceiver receiver, Incoming message) {
        await().ignoreExceptions().atMost(Client.PATIENCE).until(() -> {
            receiver.complete(message);
            return true;
        });
        assertThat(List.copyOf(active(QUEUE))).isEmpty();
    }
}
