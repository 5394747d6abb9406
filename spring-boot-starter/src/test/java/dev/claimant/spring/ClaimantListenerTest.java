package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Message;
import dev.claimant.PermanentFailure;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.memory.InMemoryQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@SpringBootTest(properties = "orders.slots=3")
@InMemoryClaimant
class ClaimantListenerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    InMemoryQueues queues;

    @Autowired
    ClaimantWorkers workers;

    @Autowired
    Application application;

    record Order(String item, int count) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
    static class Application {

        final Queue<Object> seen = new ConcurrentLinkedQueue<>();
        final Queue<Map<String, String>> contexts = new ConcurrentLinkedQueue<>();

        @ClaimantListener(value = "orders", slots = "${orders.slots}", maxAttempts = "1")
        void order(Order order, Claim claim, Message message, @Header("weight") int weight) {
            seen.add(List.of(order, claim.id(), message.headers(), weight));
        }

        @ClaimantListener("logs")
        void log(Claim claim) {
            contexts.add(MDC.getCopyOfContextMap());
        }

        @ClaimantListener("lists")
        void list(List<Order> orders, @Header(value = "sender", required = false) @Nullable String sender) {
            seen.add(orders.get(0).item + " from " + sender);
        }

        @ClaimantListener("failing")
        void fail(byte[] body) {
            throw new PermanentFailure("will not do " + new String(body, StandardCharsets.UTF_8));
        }

        @Bean
        Handler plainTexts() {
            return claim -> seen.add(claim.text());
        }
    }

    @Test
    void linesThatAListenerLogsMayNameTheMessage() {
        String id = queues.send("logs", "hello");

        await().atMost(PATIENCE).until(() -> !application.contexts.isEmpty());

        assertThat(application.contexts.element())
                .containsEntry("claimant.message", id)
                .containsEntry("claimant.attempt", "1")
                .containsEntry("claimant.source", "logs")
                .containsKey("claimant.worker");
    }

    @Test
    void argumentsComeByTheirTypes() {
        queues.queue("orders").send(message("1", "{\"item\":\"tea\",\"count\":2}", Map.of("weight", "7")));

        awaitSeen(List.of(new Order("tea", 2), "1", Map.of("weight", "7"), 7));
    }

    @Test
    void aPayloadMayBeGenericAndAHeaderMissing() {
        queues.send("lists", "[{\"item\":\"salt\",\"count\":1}]");

        awaitSeen("salt from null");
    }

    @Test
    void aBeanOfTypeHandlerServesTheWorkerOfItsName() {
        queues.send("plain-texts", "hello");

        awaitSeen("hello");
    }

    @Test
    void whatCannotBeConvertedIsDeadLetteredWithTheReason() {
        InMemoryQueue orders = queues.queue("orders");
        orders.send(message("no json", "{", Map.of("weight", "7")));
        orders.send(message("null", "null", Map.of("weight", "7")));
        orders.send(message("no weight", "{\"item\":\"tea\",\"count\":2}", Map.of()));
        orders.send(message("bad weight", "{\"item\":\"tea\",\"count\":2}", Map.of("weight", "heavy")));

        assertThat(reason(orders, "no json")).startsWith("cannot decode the body as " + Order.class.getName());
        assertThat(reason(orders, "null")).endsWith("it is null");
        assertThat(reason(orders, "no weight")).isEqualTo("the message has no header weight");
        assertThat(reason(orders, "bad weight")).startsWith("cannot convert the header weight");
    }

    @Test
    void whatTheMethodThrowsIsTheHandlersOutcome() {
        String id = queues.send("failing", "this");

        assertThat(reason(queues.queue("failing"), id)).isEqualTo("will not do this");
    }

    @Test
    void theAnnotationsSettingsAreTheWorkers() {
        assertThat(workers.worker("orders").stats().slots()).isEqualTo(3);
        assertThat(workers.worker("lists").stats().slots()).isEqualTo(10);
        assertThat(workers.names()).containsExactly("failing", "lists", "logs", "orders", "plain-texts");
    }

    private void awaitSeen(Object expected) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.seen).contains(expected));
    }

    private static String reason(InMemoryQueue queue, String id) {
        return await().atMost(PATIENCE)
                .until(
                        () -> queue.deadLetters().stream()
                                .filter(dead -> dead.claim().id().equals(id))
                                .map(DeadLetter::reason)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Message message(String id, String text, Map<String, String> headers) {
        return new Message(id, id, text.getBytes(StandardCharsets.UTF_8), headers, null, null);
    }
}
