package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that keeps its state on disk: what it has confirmed outlives the end of its process. */
class KilledServerTest {

    @TempDir
    Path directory;

    private ServerProcess server() {
        return ServerProcess.start(
                directory,
                "queue orders 300 10 sessions ordered 300 10 subscription news a 300 10 key k k MANAGE".split(" ", -1));
    }

    private static Client client(ServerProcess server) {
        return new Client(server.connectionString("k", "k"));
    }

    private static void killAndStartAgain(ServerProcess server) {
        server.kill();
        server.startAgain();
    }

    private static List<String> peeked(ServiceBusReceiverAsyncClient receiver) {
        return Objects.requireNonNull(receiver.peekMessages(100, 0)
                .map(message -> message.getBody() + " " + message.getState())
                .collectList()
                .block(Client.PATIENCE));
    }

    @Test
    void messagesInEveryStateAreThereAgain() throws Exception {
        try (ServerProcess server = server()) {
            long deferred;
            long last;
            try (Client client = client(server)) {
                client.send("orders", "completed", "abandoned", "dead", "deferred");
                client.send("orders", new ServiceBusMessage("ready"));
                Link link = client.link(client.receiver("orders"), 4);
                link.complete(link.next());
                ServiceBusReceivedMessage abandoned = link.next();
                Client.done(link.receiver.deadLetter(
                        link.next(), new DeadLetterOptions().setDeadLetterReason("unreadable")));
                ServiceBusReceivedMessage later = link.next();
                deferred = later.getSequenceNumber();
                Client.done(link.receiver.defer(later));
                link.abandon(abandoned);
                link.abandon(link.another());
                last = Client.got(client.sender("orders")
                        .scheduleMessage(
                                new ServiceBusMessage("scheduled"),
                                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1)));
                client.send("news", "copied");
            }
            killAndStartAgain(server);
            try (Client client = client(server)) {
                assertThat(peeked(client.receiver("orders")))
                        .containsExactly(
                                "abandoned ACTIVE", "deferred DEFERRED", "ready ACTIVE", "scheduled SCHEDULED");
                assertThat(peeked(client.subscription("news", "a"))).containsExactly("copied ACTIVE");
                Link link = client.link("orders");
                ServiceBusReceivedMessage again = link.next();
                assertThat(again.getBody().toString()).isEqualTo("abandoned");
                assertThat(again.getDeliveryCount()).isEqualTo(2);
                assertThat(link.another().getBody().toString()).isEqualTo("ready");
                ServiceBusReceivedMessage dead =
                        client.link(client.deadLetters("orders"), 1).next();
                assertThat(dead.getBody().toString()).isEqualTo("dead");
                assertThat(dead.getDeadLetterReason()).isEqualTo("unreadable");
                Client.done(client.sender("orders").cancelScheduledMessage(last));
                link.complete(Client.got(link.receiver.receiveDeferredMessage(deferred)));
                client.send("orders", "new");
                assertThat(link.another().getSequenceNumber())
                        .as("no number is given twice")
                        .isGreaterThan(last);
            }
        }
    }

    @Test
    void aLockHoldsOnAndItsTokenStillSettles() throws Exception {
        try (ServerProcess server = server();
                Client client = client(server);
                Client other = client(server)) {
            client.send("orders", "held", "other");
            Link link = client.link("orders");
            ServiceBusReceivedMessage held = link.next();
            killAndStartAgain(server);
            assertThat(other.link("orders").next().getBody().toString()).isEqualTo("other");
            await().ignoreExceptions().atMost(Client.PATIENCE).until(() -> {
                link.complete(held);
                return true;
            });
            assertThat(peeked(other.receiver("orders"))).containsExactly("other ACTIVE");
        }
    }

    @Test
    void aSessionIsFreeAndKeepsItsStateAndItsOrder() throws Exception {
        try (ServerProcess server = server();
                Client client = client(server);
                Client other = client(server)) {
            for (String body : List.of("1", "2", "3")) {
                client.send("ordered", new ServiceBusMessage(body).setSessionId("a"));
            }
            Link link = client.link(Client.got(client.sessions("ordered").acceptSession("a")), 2);
            link.complete(link.next());
            link.next();
            Client.done(link.receiver.setSessionState("step 2".getBytes(StandardCharsets.UTF_8)));
            killAndStartAgain(server);
            Link next = other.link(Client.got(other.sessions("ordered").acceptNextSession()), 2);
            ServiceBusReceivedMessage first = next.next();
            assertThat(first.getBody().toString()).isEqualTo("2");
            assertThat(first.getDeliveryCount()).isZero();
            assertThat(next.next().getBody().toString()).isEqualTo("3");
            assertThat(new String(Client.got(next.receiver.getSessionState()), StandardCharsets.UTF_8))
                    .isEqualTo("step 2");
        }
    }

    // ---- what is not a matter of the process: on a server that is closed, and another that starts on what it left

    private ServiceBusServer started(Switch... switches) {
        return ServiceBusServer.start(directory, 0, 0, switches);
    }

    @Test
    void timeGoesOnWhereItWas() throws Exception {
        EntityOptions options =
                EntityOptions.defaults().duplicateWindow(Duration.ofMinutes(10)).timeToLive(Duration.ofHours(2), true);
        try (ServiceBusServer server = started();
                Client client = new Client(server.connectionString())) {
            server.addQueue("orders", options);
            server.advance(Duration.ofDays(1));
            client.send("orders", new ServiceBusMessage("one").setMessageId("1"));
            Client.got(client.sender("orders")
                    .scheduleMessage(
                            new ServiceBusMessage("two"),
                            OffsetDateTime.now(ZoneOffset.UTC).plusDays(1).plusHours(1)));
        }
        try (ServiceBusServer server = started();
                Client client = new Client(server.connectionString())) {
            assertThat(server.options("orders")).isEqualTo(options);
            client.send("orders", new ServiceBusMessage("one").setMessageId("1"));
            assertThat(server.counts("orders")).isEqualTo(new Counts(1, 0, 1));
            server.advance(Duration.ofMinutes(61));
            assertThat(server.counts("orders")).isEqualTo(new Counts(2, 0, 0));
            server.advance(Duration.ofMinutes(61));
            assertThat(server.counts("orders")).isEqualTo(new Counts(1, 1, 0));
        }
    }

    @Test
    void aQueueThatWasRemovedLeavesNothingToTheNextOfItsName() throws Exception {
        try (ServiceBusServer server = started();
                Client client = new Client(server.connectionString())) {
            server.addTopic("news");
            server.addSubscription("news", "a", EntityOptions.defaults());
            server.addSubscription("news", "b", EntityOptions.defaults());
            client.send("news", "old");
            server.remove("news/subscriptions/a");
            server.addSubscription("news", "a", EntityOptions.defaults().maxDeliveryCount(3));
            server.remove("news/subscriptions/b");
            client.send("news", "new");
        }
        try (ServiceBusServer server = started();
                Client client = new Client(server.connectionString())) {
            assertThat(peeked(client.subscription("news", "a"))).containsExactly("new ACTIVE");
            assertThat(server.options("news/subscriptions/b")).isNull();
            client.send("news", "newest");
            assertThat(server.counts("news/subscriptions/a").active()).isEqualTo(2);
        }
    }

    @Test
    void locksAndSessionsEndOrLastAsTheSwitchesSay() throws Exception {
        Map<String, EntityOptions> queues = Map.of(
                "orders",
                EntityOptions.defaults(),
                "ordered",
                EntityOptions.defaults().requireSession());
        try (ServiceBusServer server = started();
                Client client = new Client(server.connectionString())) {
            queues.forEach(server::addQueue);
            client.send("orders", "one");
            client.send("ordered", new ServiceBusMessage("one").setSessionId("a"));
            client.link("orders").next();
            client.link(Client.got(client.sessions("ordered").acceptSession("a")), 1)
                    .next();
            server.pause();
        }
        try (ServiceBusServer server = started()) {
            assertThat(server.locked("orders")).isEqualTo(1);
            assertThat(server.locked("ordered")).isZero();
        }
        try (ServiceBusServer server = started(Switch.LOCKS_END_WITH_CONNECTION);
                Client client = new Client(server.connectionString())) {
            assertThat(client.link("orders").next().getDeliveryCount()).isEqualTo(1);
            client.link(Client.got(client.sessions("ordered").acceptSession("a")), 1)
                    .next();
            server.pause();
        }
        try (ServiceBusServer server = started(Switch.SESSION_OUTLIVES_LINK);
                Client client = new Client(server.connectionString())) {
            assertThat(server.locked("ordered"))
                    .as("the server that ran before let it go with its link")
                    .isZero();
            client.link(Client.got(client.sessions("ordered").acceptSession("a")), 1)
                    .next();
            server.pause();
        }
        try (ServiceBusServer server = started(Switch.SESSION_OUTLIVES_LINK)) {
            assertThat(server.locked("ordered")).isEqualTo(1);
            server.advance(Duration.ofMinutes(2));
            assertThat(server.locked("ordered")).isZero();
        }
    }
}
