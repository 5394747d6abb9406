package dev.claimant.sample.spring;

import dev.claimant.postgres.PostgresClaim;
import dev.claimant.postgres.PostgresQueue;
import java.sql.Connection;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** What happens to an order, each step in one transaction. */
@Service
class Orders {

    private static final int LONGEST = 100;

    private final JdbcClient database;
    private final JdbcTemplate connections;
    private final JsonMapper json;
    private final PostgresQueue queue;
    private final PostgresQueue mails;

    Orders(
            JdbcClient database,
            JdbcTemplate connections,
            JsonMapper json,
            @Qualifier("orderQueue") PostgresQueue queue,
            @Qualifier("mailQueue") PostgresQueue mails) {
        this.database = database;
        this.connections = connections;
        this.json = json;
        this.queue = queue;
        this.mails = mails;
    }

    /** The order and its message, or neither. */
    @Transactional
    Order place(String item) {
        long id = database.sql("INSERT INTO shop_order (item) VALUES (?) RETURNING id")
                .param(item)
                .query(Long.class)
                .single();
        Order order = new Order(id, item);
        queue.enqueue(json.writeValueAsString(order)); // in this transaction
        if (item.length() > LONGEST) {
            throw new IllegalArgumentException("nothing with a name of more than " + LONGEST + " letters is sold");
        }
        return order;
    }

    /** Each try on its own, so that it is seen even if nothing comes of it. */
    @Transactional
    void pickUp(Order order) {
        database.sql("INSERT INTO pick_up VALUES (?, ?)")
                .params(order.id(), ProcessHandle.current().pid())
                .update();
    }

    /** The shipment, the customer's mail and the completion of the order's message, or nothing. */
    @Transactional
    void ship(Order order, PostgresClaim claim) {
        database.sql("INSERT INTO shipment VALUES (?)").param(order.id()).update();
        mails.enqueue("shipped: " + order.item());
        connections.execute((Connection transaction) -> {
            claim.completeIn(transaction); // throws if the lock was lost
            return claim;
        });
    }

    void mail(String text) {
        database.sql("INSERT INTO mail VALUES (?)").param(text).update();
    }
}
