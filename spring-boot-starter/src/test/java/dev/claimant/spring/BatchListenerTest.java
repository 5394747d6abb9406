package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Batch;
import dev.claimant.BatchHandler;
import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Message;
import dev.claimant.PermanentFailure;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Listeners that take several messages at once. */
class BatchListenerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    record Order(String item) {}

    @Configuration(proxyBeanMethods = false)
    static class Application {

        final Queue<Object> seen = new ConcurrentLinkedQueue<>();

        @ClaimantListener(value = "orders", batchSize = "3", batchWait = "10m", maxAttempts = "1")
        void orders(List<Order> orders, List<Claim> claims, List<? extends Message> messages, Batch batch) {
            assertThat(batch.claims()).hasSize(3);
            for (int i = 0; i < orders.size(); i++) {
                if (orders.get(i).item.equals("wrong")) {
                    batch.fail(claims.get(i), new PermanentFailure("a wrong order"));
                } else {
                    seen.add(orders.get(i).item + " " + claims.get(i).id() + " "
                            + messages.get(i).id());
                }
            }
        }

        @Bean
        BatchHandler invoices() {
            return batch -> seen.add("invoices: " + batch.claims().size());
        }

        @Bean
        Handler parcels() {
            return Handler.batching(
                    2,
                    Duration.ofMinutes(10),
                    batch -> seen.add("parcels: " + batch.claims().size()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Wrong {

        @ClaimantListener(value = "a", batchSize = "0")
        void none(List<Claim> claims) {}

        @ClaimantListener(value = "b", batchSize = "5", slots = "2", transaction = ListenerTransaction.INBOX)
        void transaction(List<Claim> claims) {}

        @ClaimantListener(value = "c", batchSize = "5")
        void single(Claim claim, List<String> a, List<String> b) {}

        @ClaimantListener(value = "d", batchWait = "5s")
        void noBatch(Claim claim) {}
    }

    @Test
    void listsHoldWhatCanBeReadAndEachMessageEndsByItsOwnResult() {
        Contexts.inMemory().withUserConfiguration(Application.class).run(context -> {
            InMemoryQueues queues = context.getBean(InMemoryQueues.class);
            String tea = queues.send("orders", "{\"item\":\"tea\"}");
            queues.send("orders", "{\"item\":\"wrong\"}");
            queues.send("orders", "no json");

            Application application = context.getBean(Application.class);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(application.seen).containsExactly("tea " + tea + " " + tea));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(queues.queue("orders").deadLetters())
                            .hasSize(2)
                            .anySatisfy(dead -> assertThat(dead.reason()).isEqualTo("a wrong order"))
                            .anySatisfy(dead -> assertThat(dead.reason()).startsWith("cannot decode the body")));
            assertThat(context.getBean(ClaimantWorkers.class)
                            .worker("orders")
                            .stats()
                            .slots())
                    .isEqualTo(10);
        });
    }

    @Test
    void aBeanOfTypeBatchHandlerServesTheWorkerOfItsName() {
        Contexts.inMemory()
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "claimant.workers.invoices.batch-size=2", "claimant.workers.invoices.batch-wait=10m")
                .run(context -> {
                    InMemoryQueues queues = context.getBean(InMemoryQueues.class);
                    queues.send("invoices", "1");
                    queues.send("invoices", "2");
                    Application application = context.getBean(Application.class);
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(application.seen).containsExactly("invoices: 2"));
                });
    }

    @Test
    void aBeanOfTypeHandlerThatGathersKeepsItsBatches() {
        Contexts.inMemory().withUserConfiguration(Application.class).run(context -> {
            InMemoryQueues queues = context.getBean(InMemoryQueues.class);
            queues.send("parcels", "1");
            queues.send("parcels", "2");
            Application application = context.getBean(Application.class);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(application.seen).containsExactly("parcels: 2"));
        });
    }

    @Test
    void aBodyThatIsNestedTooDeeplyForTheStackFailsAlone() throws Exception {
        PayloadReader reader = (body, type) -> {
            if (body.length > 0) {
                throw new StackOverflowError();
            }
            return new Order("tea");
        };
        Method orders = Application.class.getDeclaredMethod("orders", List.class, List.class, List.class, Batch.class);
        Claim deep = Claim.of(Message.of("deep", "[[[["));
        Claim plain = Claim.of(Message.of("plain", ""));
        Batch batch = Batch.of(List.of(deep, plain));
        BatchArguments.Decoded decoded =
                BatchArguments.of(orders, reader, new StartupProblems()).read(batch);
        assertThat(decoded.claims()).containsExactly(plain);
        assertThat(batch.failures()).containsOnlyKeys(deep);
    }

    @Test
    void whatDoesNotFitIsReportedTogether() {
        Contexts.inMemory()
                .withUserConfiguration(Wrong.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("claimant.workers.a.batch-size: 0 must be at least 1")
                        .hasStackTraceContaining("Wrong.transaction(List): the transaction INBOX is for one message")
                        .hasStackTraceContaining("claimant.workers.b.slots: 2 must be at least 5, the size of a batch")
                        .hasStackTraceContaining("Wrong.single(Claim, List, List): takes batches, whose parameters are")
                        .hasStackTraceContaining(
                                "Wrong.single(Claim, List, List): has 2 lists that could be the payloads")
                        .hasStackTraceContaining(
                                "claimant.workers.d.batch-size, batch-wait: its handler takes single messages"));
    }
}
