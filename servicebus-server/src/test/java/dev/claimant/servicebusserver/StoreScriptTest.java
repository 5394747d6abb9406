package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is stored: sending, order, time, topics, looking at messages, rights. */
class StoreScriptTest extends Script {

    @Test
    @Behaviour("message-sequencing#sequence-number: unique and increasing, in order of arrival")
    void messagesComeInTheOrderInWhichTheyWereSent() throws Exception {
        client.send(QUEUE, "1", "2", "3");
        Link link = client.link(client.receiver(QUEUE), 3);
        long last = 0;
        for (String body : List.of("1", "2", "3")) {
            ServiceBusReceivedMessage message = link.next();
            assertThat(message.getBody().toString()).isEqualTo(body);
            assertThat(message.getSequenceNumber()).isGreaterThan(last);
            last = message.getSequenceNumber();
        }
    }

    @Test
    @Behaviour("service-bus-amqp-protocol-guide#messages: properties and annotations")
    void aMessageKeepsItsProperties() throws Exception {
        ServiceBusMessage sent = new ServiceBusMessage("body")
                .setMessageId("id-1")
                .setCorrelationId("c")
                .setSubject("s")
                .setContentType("text/plain")
                .setReplyTo("r")
                .setTo("t");
        sent.getApplicationProperties().putAll(Map.of("text", "ä", "number", 7L, "flag", true));
        client.send(QUEUE, sent);
        ServiceBusReceivedMessage got = client.link(QUEUE).next();
        assertThat(got.getMessageId()).isEqualTo("id-1");
        assertThat(got.getCorrelationId()).isEqualTo("c");
        assertThat(got.getSubject()).isEqualTo("s");
        assertThat(got.getContentType()).isEqualTo("text/plain");
        assertThat(got.getReplyTo()).isEqualTo("r");
        assertThat(got.getTo()).isEqualTo("t");
        assertThat(got.getApplicationProperties())
                .containsEntry("text", "ä")
                .containsEntry("number", 7L)
                .containsEntry("flag", true);
        assertThat(got.getEnqueuedTime()).isNotNull();
        assertThat(got.getLockedUntil()).isAfter(got.getEnqueuedTime());
    }

    @Test
    @Behaviour("azure-sdk-for-java: ServiceBusMessageBatch, message format 0x80013700")
    void aBatchIsStoredAsItsMessages() throws Exception {
        ServiceBusSenderAsyncClient sender = client.sender(QUEUE);
        ServiceBusMessageBatch batch = Client.got(sender.createMessageBatch());
        for (int i = 0; i < 20; i++) {
            assertThat(batch.tryAddMessage(new ServiceBusMessage("m" + i))).isTrue();
        }
        Client.done(sender.sendMessages(batch));
        assertThat(server.counts(QUEUE).active()).isEqualTo(20);
        Link link = client.link(client.receiver(QUEUE), 20);
        for (int i = 0; i < 20; i++) {
            assertThat(link.next().getBody().toString()).isEqualTo("m" + i);
        }
    }

    @Test
    @Behaviour("service-bus-quotas: maximum message size, 256 KB in the standard tier")
    void aMessageThatIsTooLargeIsRefused() {
        ServiceBusMessage large = new ServiceBusMessage("x".repeat(300 * 1024));
        assertThat(reason(client.sender(QUEUE).sendMessage(large)))
                .isEqualTo(ServiceBusFailureReason.MESSAGE_SIZE_EXCEEDED);
        assertThat(server.counts(QUEUE).active()).isZero();
    }

    @Test
    @Behaviour("service-bus-amqp-protocol-guide: transfers of more than one frame")
    void aLargeMessageComesBackToTheByte() throws Exception {
        byte[] body = new byte[200_000];
        new java.util.Random(1).nextBytes(body);
        client.send(QUEUE, new ServiceBusMessage(body));
        assertThat(client.link(QUEUE).next().getBody().toBytes()).isEqualTo(body);
    }

    @Test
    @Behaviour("duplicate-detection")
    void aDuplicateIsAcceptedAndDropped() {
        server.addQueue("once", EntityOptions.defaults().duplicateWindow(Duration.ofMinutes(10)));
        client.send("once", new ServiceBusMessage("a").setMessageId("1"), new ServiceBusMessage("b").setMessageId("1"));
        assertThat(server.counts("once").active()).isEqualTo(1);
        server.advance(Duration.ofMinutes(11));
        client.send("once", new ServiceBusMessage("c").setMessageId("1"));
        assertThat(server.counts("once").active()).isEqualTo(2);
    }

    @Test
    @Behaviour("message-expiration: an expired message is deleted, or dead-lettered where the queue says so")
    void anExpiredMessageIsDeletedOrDeadLettered() {
        server.addQueue("keeps", EntityOptions.defaults().timeToLive(Duration.ofHours(1), true));
        client.send("keeps", "old");
        client.send(QUEUE, new ServiceBusMessage("old").setTimeToLive(Duration.ofMinutes(30)));
        server.advance(Duration.ofMinutes(61));
        assertThat(server.counts("keeps")).isEqualTo(new Counts(0, 1, 0));
        assertThat(server.counts(QUEUE)).isEqualTo(new Counts(0, 0, 0));
    }

    @Test
    @Behaviour("message-expiration: a locked message does not expire under its holder")
    void aLockedMessageDoesNotExpire() throws Exception {
        client.send(QUEUE, new ServiceBusMessage("short").setTimeToLive(Duration.ofSeconds(30)));
        Link link = client.link(QUEUE);
        ServiceBusReceivedMessage message = link.next();
        server.advance(Duration.ofSeconds(40));
        link.complete(message);
    }

    @Test
    @Behaviour("message-sequencing#scheduled-messages: not before its time, with a new sequence number then")
    void aScheduledMessageDoesNotComeEarly() throws Exception {
        long number = Client.got(client.sender(QUEUE)
                .scheduleMessage(
                        new ServiceBusMessage("later"),
                        OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(10)));
        server.advance(Duration.ofMinutes(9));
        assertThat(server.counts(QUEUE)).isEqualTo(new Counts(0, 0, 1));
        server.advance(Duration.ofMinutes(2));
        ServiceBusReceivedMessage message = client.link(QUEUE).next();
        assertThat(message.getBody().toString()).isEqualTo("later");
        assertThat(message.getSequenceNumber()).isNotEqualTo(number);
    }

    @Test
    @Behaviour("message-sequencing#scheduled-messages: can be cancelled by its sequence number")
    void aScheduledMessageCanBeCancelled() {
        ServiceBusSenderAsyncClient sender = client.sender(QUEUE);
        long number = Client.got(sender.scheduleMessage(
                new ServiceBusMessage("never"),
                OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(10)));
        Client.done(sender.cancelScheduledMessage(number));
        assertThat(server.counts(QUEUE)).isEqualTo(new Counts(0, 0, 0));
    }

    @Test
    @Behaviour("message-browsing: every message, in any state, without a lock")
    void peekingSeesEveryMessageAndLocksNone() throws Exception {
        client.send(QUEUE, "locked", "ready");
        client.link(QUEUE).next();
        List<String> seen = Objects.requireNonNull(client.receiver(QUEUE)
                .peekMessages(10, 0)
                .map(message -> message.getBody().toString())
                .collectList()
                .block(Client.PATIENCE));
        assertThat(seen).containsExactly("locked", "ready");
        assertThat(server.locked(QUEUE)).isEqualTo(1);
    }

    @Test
    @Behaviour("message-browsing: nothing left is an empty result")
    void peekingBehindTheLastMessageFindsNothing() {
        client.send(QUEUE, "one");
        assertThat(client.receiver(QUEUE).peekMessages(10, 1_000).collectList().block(Client.PATIENCE))
                .isEmpty();
    }

    @Test
    @Behaviour("service-bus-queues-topics-subscriptions: each subscription gets a copy")
    void eachSubscriptionHasItsOwnCopy() throws Exception {
        server.addTopic("news");
        server.addSubscription("news", "a", EntityOptions.defaults());
        server.addSubscription("news", "b", EntityOptions.defaults());
        client.send("news", "hello");
        for (String name : List.of("a", "b")) {
            Link link = client.link(client.subscription("news", name), 1);
            ServiceBusReceivedMessage message = link.next();
            assertThat(message.getBody().toString()).isEqualTo("hello");
            link.complete(message);
            assertThat(server.counts("news/subscriptions/" + name).active()).isZero();
        }
    }

    @Test
    @Behaviour("service-bus-messaging-exceptions-latest: MessagingEntityNotFound")
    void aMissingQueueIsReportedAsSuch() {
        assertThat(reason(client.sender("absent").sendMessage(new ServiceBusMessage("x"))))
                .isEqualTo(ServiceBusFailureReason.MESSAGING_ENTITY_NOT_FOUND);
    }

    @Test
    @Behaviour("service-bus-messaging-exceptions-latest: MessagingEntityDisabled")
    void aDisabledQueueIsReportedAsSuch() {
        server.setDisabled(QUEUE, true);
        assertThat(reason(client.sender(QUEUE).sendMessage(new ServiceBusMessage("x"))))
                .isEqualTo(ServiceBusFailureReason.MESSAGING_ENTITY_DISABLED);
    }

    @Test
    @Behaviour("service-bus-sas: a right that the key does not have")
    void aKeyWithoutTheRightIsRefused() throws Exception {
        String listenOnly = server.addKey("worker", "secret", Right.LISTEN);
        try (Client worker = new Client(listenOnly)) {
            assertThat(reason(worker.sender(QUEUE).sendMessage(new ServiceBusMessage("x"))))
                    .isEqualTo(ServiceBusFailureReason.UNAUTHORIZED);
            client.send(QUEUE, "one");
            Link link = worker.link(QUEUE);
            link.complete(link.next());
        }
    }

    @Test
    @Behaviour("service-bus-sas: a signature with another key")
    void aWrongKeyIsRefused() throws Exception {
        server.addKey("worker", "secret", Right.SEND);
        try (Client worker = new Client(ServiceBusServer.connectionString(server.port(), "worker", "wrong"))) {
            Throwable failure = catchThrowable(() -> worker.send(QUEUE, "x"));
            assertThat(failure).isInstanceOf(ServiceBusException.class);
            assertThat(((ServiceBusException) failure).getReason()).isEqualTo(ServiceBusFailureReason.UNAUTHORIZED);
        }
        assertThat(server.counts(QUEUE).active()).isZero();
    }
}
