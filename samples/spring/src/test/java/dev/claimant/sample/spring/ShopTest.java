package dev.claimant.sample.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.contract.Wire;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Source;
import dev.claimant.spring.ClaimantListener;
import dev.claimant.spring.ClaimantWorkers;
import dev.claimant.spring.ListenerTransaction;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The shop in this process. Its database is absent when it starts. */
@SpringBootTest(properties = "spring.datasource.hikari.connection-timeout=1000")
@DirtiesContext
class ShopTest {

    private static final ShopDatabase DATABASE = database();
    private static final Wire WIRE = Wire.to("localhost", DATABASE.port());

    @Autowired
    Orders orders;

    @Autowired
    ClaimantWorkers workers;

    @Autowired
    Elsewhere elsewhere;

    /** A worker whose messages come from elsewhere, twice each; its effect is in the shop's database. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Elsewhere {

        final InMemoryQueue queue = new InMemoryQueue();

        @Bean
        @Scope("prototype")
        Source elsewhere() {
            return new InMemorySource(queue);
        }

        @Bean
        Returns returns(JdbcClient database) {
            return new Returns(database);
        }
    }

    static class Returns {

        private final JdbcClient database;

        Returns(JdbcClient database) {
            this.database = database;
        }

        @ClaimantListener(value = "returns", source = "elsewhere", transaction = ListenerTransaction.INBOX)
        void takeBack(String item, Claim claim) {
            database.sql("INSERT INTO mail VALUES (?)")
                    .param("returned: " + item)
                    .update();
            if (item.equals("tea") && claim.attempt() == 1) {
                throw new IllegalStateException("rolled back, and tried again");
            }
        }
    }

    private static ShopDatabase database() {
        try {
            return new ShopDatabase();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void connect(DynamicPropertyRegistry properties) {
        WIRE.cut();
        properties.add("spring.datasource.url", () -> DATABASE.url(WIRE.port()) + "&connectTimeout=1&loginTimeout=1");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void theShopStartsWithoutItsDatabaseAndAnOrderIsThereOnceWithItsMessageOrNotAtAll() {
        assertThat(workers.worker("orders").isAlive()).isTrue();
        assertThat(workers.worker("orders").whyNotReady()).contains("the source is not open yet");

        WIRE.mend();
        await().atMost(ShopProcess.PATIENCE)
                .until(() -> workers.names().stream()
                        .allMatch(name -> workers.worker(name).isReady()));

        assertThatThrownBy(() -> orders.place("x".repeat(101))).isInstanceOf(IllegalArgumentException.class);
        assertThat(DATABASE.count("shop_order")).as("rolled back").isZero();

        orders.place("tea");
        await().atMost(ShopProcess.PATIENCE).until(() -> DATABASE.count("mail") == 1);
        assertThat(DATABASE.texts("SELECT text FROM mail")).containsExactly("shipped: tea");
        assertThat(DATABASE.count("pick_up"))
                .as("no message of the order that was rolled back")
                .isOne();

        await().atMost(ShopProcess.PATIENCE).until(() -> DATABASE.count("claimant.message") == 0);

        aMessageOfAnotherSourceHasItsEffectOnce();
    }

    private void aMessageOfAnotherSourceHasItsEffectOnce() {
        elsewhere.queue.send(Message.of("1", "tea"));
        elsewhere.queue.send(Message.of("1", "tea"));
        await().atMost(ShopProcess.PATIENCE).until(() -> isEmpty(elsewhere.queue));
        assertThat(DATABASE.count("mail WHERE text = 'returned: tea'")).isOne();
        assertThat(elsewhere.queue.deadLetters()).isEmpty();
    }

    /** Nothing ready, in flight or waiting for its next try. */
    private static boolean isEmpty(InMemoryQueue queue) {
        Backlog backlog = queue.backlog();
        return backlog.scaler() == 0 && backlog.delayed().orElse(0) == 0;
    }
}
