package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.models.AbandonOptions;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Locks, renewals and settlements. */
class LockScriptTest extends Script {

    @Test
    @Behaviour("message-transfers-locks-settlement#peeklock")
    void aCompletedMessageIsGone() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        link.complete(link.next());
        assertThat(server.counts(QUEUE)).isEqualTo(new Counts(0, 0, 0));
    }

    @Test
    @Behaviour("message-transfers-locks-settlement#peeklock")
    void aLockedMessageIsGivenToNobodyElse() throws Exception {
        client.send(QUEUE, "one");
        Link first = client.link(QUEUE);
        first.next();
        Link second = client.link(QUEUE);
        client.send(QUEUE, "two");
        assertThat(second.next().getBody().toString()).isEqualTo("two");
        assertThat(server.locked(QUEUE)).isEqualTo(2);
    }

    @Test
    @Behaviour("message-transfers-locks-settlement#peeklock: the lock expires and the message becomes available")
    void aMessageComesBackWhenItsLockRunsOut() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage first = link.next();
        server.advance(LONGER_THAN_THE_LOCK);
        ServiceBusReceivedMessage second = link.another();
        assertThat(second.getSequenceNumber()).isEqualTo(first.getSequenceNumber());
        assertThat(second.getLockToken()).isNotEqualTo(first.getLockToken());
        assertThat(second.getDeliveryCount()).isEqualTo(1);
    }

    @Test
    @Behaviour("message-transfers-locks-settlement: a stale token never settles")
    void aTokenWhoseLockRanOutCompletesNothing() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage first = link.next();
        server.advance(LONGER_THAN_THE_LOCK);
        assertThat(reason(link.receiver.complete(first))).isEqualTo(ServiceBusFailureReason.MESSAGE_LOCK_LOST);
        assertThat(server.counts(QUEUE).active()).isEqualTo(1);
    }

    @Test
    @Behaviour("message-transfers-locks-settlement: a stale token never settles")
    void aTokenOfAnEarlierLockDoesNotAbandonTheNextOne() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage first = link.next();
        server.advance(LONGER_THAN_THE_LOCK);
        ServiceBusReceivedMessage second = link.another();
        assertThat(reason(link.receiver.abandon(first))).isEqualTo(ServiceBusFailureReason.MESSAGE_LOCK_LOST);
        link.complete(second);
        assertThat(server.counts(QUEUE).active()).isZero();
    }

    @Test
    @Behaviour("message-transfers-locks-settlement#renew-locks")
    void aRenewedLockHoldsItsFullLengthFromTheRenewal() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        server.advance(Duration.ofSeconds(45));
        Client.got(link.receiver.renewMessageLock(message));
        server.advance(Duration.ofSeconds(45));
        link.complete(message);
        assertThat(server.counts(QUEUE).active()).isZero();
    }

    @Test
    @Behaviour("service-bus-amqp-request-response#message-renew-lock: status 410 when the lock is gone")
    void aLockThatRanOutIsNotRenewed() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        server.advance(LONGER_THAN_THE_LOCK);
        assertThat(reason(link.receiver.renewMessageLock(message)))
                .isEqualTo(ServiceBusFailureReason.MESSAGE_LOCK_LOST);
    }

    @Test
    @Behaviour("service-bus-amqp-request-response#message-renew-lock")
    void aCompletedMessageIsNotRenewed() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        String token = message.getLockToken();
        link.complete(message);
        assertThat(token).isNotEmpty();
        // The SDK itself refuses to renew what it has settled; the token is asked for on the wire by another message
        // object.
        client.send(QUEUE, "two");
        ServiceBusReceivedMessage other = link.another();
        Client.done(client.receiver(QUEUE).abandon(other));
        assertThat(reason(link.receiver.renewMessageLock(other))).isEqualTo(ServiceBusFailureReason.MESSAGE_LOCK_LOST);
    }

    @Test
    @Behaviour("message-transfers-locks-settlement: abandon gives the lock up at once, and the delivery counts")
    void anAbandonedMessageComesBackAtOnceAndCounts() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage first = link.next();
        assertThat(first.getDeliveryCount()).isZero();
        link.abandon(first);
        assertThat(link.another().getDeliveryCount()).isEqualTo(1);
    }

    @Test
    @Behaviour("service-bus-amqp-protocol-guide#receive-messages: modified carries properties to modify")
    void anAbandonedMessageKeepsTheNewProperties() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        Client.done(link.receiver.abandon(
                link.next(), new AbandonOptions().setPropertiesToModify(Map.of("tried-by", "worker-1"))));
        assertThat(link.another().getApplicationProperties()).containsEntry("tried-by", "worker-1");
    }

    @Test
    @Behaviour("service-bus-dead-letter-queues#maximum-delivery-count")
    void aMessageThatIsDeliveredTooOftenIsDeadLettered() throws Exception {
        client.send(QUEUE, "poison");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        for (int count = 0; count < 3; count++) {
            assertThat(message.getDeliveryCount()).isEqualTo(count);
            link.abandon(message);
            message = link.another();
        }
        link.abandon(message);
        Link dead = client.link(client.deadLetters(QUEUE), 1);
        assertThat(dead.next().getDeadLetterReason()).isEqualTo("MaxDeliveryCountExceeded");
        assertThat(server.counts(QUEUE)).isEqualTo(new Counts(0, 1, 0));
    }

    @Test
    @Behaviour("service-bus-dead-letter-queues#application-level-dead-lettering")
    void aDeadLetterKeepsReasonDescriptionAndProperties() throws Exception {
        client.send(QUEUE, "bad");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        Client.done(link.receiver.deadLetter(
                message,
                new DeadLetterOptions()
                        .setDeadLetterReason("unreadable")
                        .setDeadLetterErrorDescription("not JSON")
                        .setPropertiesToModify(Map.of("by", "worker-1"))));
        ServiceBusReceivedMessage dead =
                client.link(client.deadLetters(QUEUE), 1).next();
        assertThat(dead.getDeadLetterReason()).isEqualTo("unreadable");
        assertThat(dead.getDeadLetterErrorDescription()).isEqualTo("not JSON");
        assertThat(dead.getApplicationProperties()).containsEntry("by", "worker-1");
        assertThat(dead.getBody().toString()).isEqualTo("bad");
    }

    @Test
    @Behaviour("service-bus-dead-letter-queues: a dead letter stays until it is completed, and never expires")
    void aDeadLetterIsReadLikeAnyMessage() throws Exception {
        client.send(QUEUE, "bad");
        Link link = client.link(QUEUE);
        Client.done(link.receiver.deadLetter(link.next()));
        Link dead = client.link(client.deadLetters(QUEUE), 1);
        for (int time = 0; time < 5; time++) {
            dead.abandon(dead.next());
            dead.request(1);
        }
        dead.complete(dead.next());
        assertThat(server.counts(QUEUE)).isEqualTo(new Counts(0, 0, 0));
    }

    @Test
    @Behaviour("message-deferral: deferred messages are received by sequence number alone")
    void aDeferredMessageIsReceivedByItsNumberOnly() throws Exception {
        client.send(QUEUE, "later", "now");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage later = link.next();
        Client.done(link.receiver.defer(later));
        assertThat(link.another().getBody().toString()).isEqualTo("now");
        ServiceBusReceivedMessage again = Client.got(link.receiver.receiveDeferredMessage(later.getSequenceNumber()));
        assertThat(again.getBody().toString()).isEqualTo("later");
        link.complete(again);
        assertThat(Objects.requireNonNull(Client.peeked(client.receiver(QUEUE)))
                        .getBody()
                        .toString())
                .isEqualTo("now");
    }

    @Test
    @Behaviour("message-transfers-locks-settlement#receiveanddelete")
    void aMessageThatIsReceivedAndDeletedIsGone() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(client.deleting(QUEUE), 1);
        link.next();
        assertThat(server.counts(QUEUE)).isEqualTo(new Counts(0, 0, 0));
    }

    @Test
    @Behaviour("service-bus-amqp-protocol-guide#receive-messages: link credit bounds what is sent")
    void noMoreIsLockedThanThereIsCredit() throws Exception {
        client.send(QUEUE, "1", "2", "3", "4", "5");
        Link link = client.link(client.receiver(QUEUE), 3);
        for (int i = 0; i < 3; i++) {
            link.next();
        }
        assertThat(server.locked(QUEUE)).isEqualTo(3);
        assertThat(server.counts(QUEUE).active()).isEqualTo(5);
    }

    @Test
    @Behaviour("azure-sdk-for-java: ServiceBusReactorReceiver settles over the management node when its link is gone")
    void aLockOutlivesItsLink() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        server.detachLinks(QUEUE, "amqp:link:detach-forced");
        await().atMost(Client.PATIENCE).untilAsserted(() -> Client.done(link.receiver.complete(message)));
        assertThat(server.counts(QUEUE).active()).isZero();
    }

    @Test
    @Behaviour("azure-sdk-for-java: RETRY of a settlement after a connection is lost")
    void aLockOutlivesItsConnection() throws Exception {
        client.send(QUEUE, "one");
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        server.dropConnections();
        await().ignoreExceptions().atMost(Client.PATIENCE).until(() -> {
            Client.done(link.receiver.complete(message));
            return true;
        });
        assertThat(server.counts(QUEUE).active()).isZero();
    }
}
