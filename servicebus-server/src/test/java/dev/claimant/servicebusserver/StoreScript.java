package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** What is stored: sending, order, time, topics, looking at messages, rights. */
final class StoreScript extends Script {

    @Behaviour("message-sequencing#sequence-number: unique and increasing, in order of arrival")
    void messagesComeInTheOrderInWhichTheyWereSent() {
        client.send(QUEUE, "1", "2", "3");
        List<Incoming> messages = client.receiver(QUEUE).receive(3);
        assertThat(messages.stream().map(Incoming::text)).containsExactly("1", "2", "3");
        assertThat(messages.stream().map(Incoming::sequence)).isSorted().doesNotHaveDuplicates();
    }

    @Behaviour("service-bus-amqp-protocol-guide#messages: properties and annotations")
    void aMessageKeepsItsProperties() {
        Map<String, String> texts = Map.of(
                "messageId",
                "id-1",
                "correlationId",
                "c",
                "subject",
                "s",
                "contentType",
                "text/plain",
                "replyTo",
                "r",
                "to",
                "t");
        Outgoing sent = Outgoing.of("body").with("properties", Map.of("text", "ä", "number", 7L, "flag", true));
        for (var field : texts.entrySet()) {
            sent = sent.with(field.getKey(), field.getValue());
        }
        client.send(QUEUE, sent);
        Incoming got = client.receiver(QUEUE).next();
        texts.forEach((field, text) -> assertThat(got.get(field)).isEqualTo(text));
        assertThat(got.properties()).containsEntry("text", "ä").containsEntry("flag", true);
        assertThat(got.properties().get("number")).hasToString("7");
        assertThat(got.number("lockedUntil")).isGreaterThan(got.number("enqueuedAt"));
    }

    @Behaviour("azure-sdk-for-java: ServiceBusMessageBatch, message format 0x80013700")
    void aBatchIsStoredAsItsMessages() {
        List<String> bodies = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
        client.sendBatch(QUEUE, bodies.stream().map(Outgoing::of).toList());
        assertThat(active(QUEUE)).isEqualTo(bodies);
        assertThat(client.receiver(QUEUE).receive(20).stream().map(Incoming::text))
                .isEqualTo(bodies);
    }

    @Behaviour("service-bus-quotas: maximum message size, 256 KB in the standard tier")
    void aMessageThatIsTooLargeIsRefused() {
        assertRefused(() -> client.send(QUEUE, "x".repeat(300 * 1024))).isEqualTo("MESSAGE_SIZE_EXCEEDED");
        assertNothingIsLeft(QUEUE);
    }

    @Behaviour("service-bus-amqp-protocol-guide: transfers of more than one frame")
    void aLargeMessageComesBackToTheByte() {
        byte[] body = new byte[200_000];
        new Random(1).nextBytes(body);
        client.send(QUEUE, Outgoing.of(body));
        assertThat(client.receiver(QUEUE).next().body()).isEqualTo(body);
    }

    @Behaviour("duplicate-detection")
    void aDuplicateIsAcceptedAndDropped() {
        client.send("once", Outgoing.of("a").id("1"));
        client.send("once", Outgoing.of("b").id("1"));
        assertThat(active("once")).containsExactly("a");
        target.pass(locks(450));
        client.send("once", Outgoing.of("c").id("1"));
        assertThat(active("once")).containsExactly("a", "c");
    }

    @Behaviour("message-expiration: an expired message is deleted, or dead-lettered where the queue says so")
    void anExpiredMessageIsDeletedOrDeadLettered() {
        client.send("keeps", "old");
        client.send(QUEUE, Outgoing.of("old").timeToLive(locks(50)));
        target.pass(locks(250));
        assertThat(active("keeps")).isEmpty();
        assertThat(dead("keeps")).containsExactly("old");
        assertNothingIsLeft(QUEUE);
    }

    @Behaviour("message-expiration: a locked message does not expire under its holder")
    void aLockedMessageDoesNotExpire() {
        client.send(QUEUE, Outgoing.of("short").timeToLive(locks(50)));
        SdkReceiver receiver = client.receiver(QUEUE);
        Incoming message = receiver.next();
        target.pass(locks(60));
        receiver.complete(message);
    }

    @Behaviour("message-sequencing#scheduled-messages: not before its time, with a new sequence number then")
    void aScheduledMessageDoesNotComeEarly() {
        long number = client.schedule(QUEUE, Outgoing.of("later"), Instant.now().plus(locks(400)));
        target.pass(locks(200));
        assertThat(those(QUEUE, "SCHEDULED")).containsExactly("later");
        assertThat(active(QUEUE)).isEmpty();
        target.pass(locks(250));
        Incoming message = client.receiver(QUEUE).next();
        assertThat(message.text()).isEqualTo("later");
        assertThat(message.sequence()).isNotEqualTo(number);
    }

    @Behaviour("message-sequencing#scheduled-messages: can be cancelled by its sequence number")
    void aScheduledMessageCanBeCancelled() {
        long number = client.schedule(QUEUE, Outgoing.of("never"), Instant.now().plus(locks(10_000)));
        assertThat(those(QUEUE, "SCHEDULED")).containsExactly("never");
        client.cancel(QUEUE, number);
        assertNothingIsLeft(QUEUE);
    }

    @Behaviour("message-browsing: every message, in any state, without a lock")
    void peekingSeesEveryMessageAndLocksNone() {
        client.send(QUEUE, "locked", "ready");
        SdkReceiver receiver = client.receiver(QUEUE);
        receiver.next();
        assertThat(active(QUEUE)).containsExactly("locked", "ready");
        assertThat(receiver.next().text()).isEqualTo("ready");
    }

    @Behaviour("message-browsing: nothing left is an empty result")
    void peekingBehindTheLastMessageFindsNothing() {
        client.send(QUEUE, "one");
        long last = client.peek(QUEUE, 0, 1).get(0).sequence();
        assertThat(client.peek(QUEUE, last + 1, 10)).isEmpty();
    }

    @Behaviour("service-bus-queues-topics-subscriptions: each subscription gets a copy")
    void eachSubscriptionHasItsOwnCopy() {
        client.send("news", "hello");
        for (String name : List.of("a", "b")) {
            String path = "news/subscriptions/" + name;
            SdkReceiver receiver = client.receiver(path);
            Incoming message = receiver.next();
            assertThat(message.text()).isEqualTo("hello");
            receiver.complete(message);
            assertNothingIsLeft(path);
        }
    }

    @Behaviour("service-bus-messaging-exceptions-latest: MessagingEntityNotFound")
    void aMissingQueueIsReportedAsSuch() {
        assertRefused(() -> client.send("absent", "x")).isEqualTo("MESSAGING_ENTITY_NOT_FOUND");
    }

    @Behaviour("service-bus-messaging-exceptions-latest: MessagingEntityDisabled")
    void aDisabledQueueIsReportedAsSuch() {
        target.own().setDisabled(QUEUE, true);
        assertRefused(() -> client.send(QUEUE, "x")).isEqualTo("MESSAGING_ENTITY_DISABLED");
    }

    @Behaviour("service-bus-sas: a right that the key does not have")
    void aKeyWithoutTheRightIsRefused() {
        SdkClient worker = another(target.own().addKey("worker", "secret", Right.LISTEN));
        assertRefused(() -> worker.send(QUEUE, "x")).isEqualTo("UNAUTHORIZED");
        client.send(QUEUE, "one");
        SdkReceiver receiver = worker.receiver(QUEUE);
        receiver.complete(receiver.next());
    }

    @Behaviour("service-bus-sas: a signature with another key")
    void aWrongKeyIsRefused() {
        String wrong = target.connectionString().replaceAll("SharedAccessKey=[^;]*", "SharedAccessKey=d3Jvbmc=");
        SdkClient stranger = another(wrong);
        assertRefused(() -> stranger.send(QUEUE, "x")).isEqualTo("UNAUTHORIZED");
        assertNothingIsLeft(QUEUE);
    }
}
