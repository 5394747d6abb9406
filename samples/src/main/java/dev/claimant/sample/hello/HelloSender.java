package dev.claimant.sample.hello;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks for greetings: persistent messages with an id, each confirmed by the broker. */
public final class HelloSender {

    /** The header that says how long a greeting takes. */
    public static final String SECONDS = "seconds";

    /** The header that says in how many seconds the greeting can be tried again, the first attempt being too early. */
    public static final String LATER = "later";

    private static final long CONFIRM_MILLIS = 30_000;

    private HelloSender() {}

    /**
     * Sends {@code Hello 1}, {@code Hello 2} and so on, and returns when the broker has them all.
     *
     * @throws IOException if the broker cannot be reached, the queue is missing or a message is not confirmed; some may have been sent
     */
    public static void send(ConnectionFactory broker, String queue, int messages, int seconds) throws IOException {
        try (Connection connection = broker.newConnection("claimant-sample send");
                Channel channel = connection.createChannel()) {
            AtomicInteger returned = new AtomicInteger();
            channel.addReturnListener(message -> returned.incrementAndGet());
            channel.confirmSelect();
            for (int i = 1; i <= messages; i++) {
                byte[] body = ("Hello " + i).getBytes(StandardCharsets.UTF_8);
                channel.basicPublish("", queue, true, properties(seconds), body);
            }
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
            if (returned.get() > 0) { // a message that is returned is confirmed, after that
                throw new IOException(
                        "queue '" + queue + "' does not exist: the broker returned " + returned + " messages");
            }
        } catch (TimeoutException e) {
            throw new IOException("the broker did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static BasicProperties properties(int seconds) {
        return new BasicProperties.Builder()
                .deliveryMode(2) // persistent
                .contentType("text/plain")
                .messageId(UUID.randomUUID().toString())
                .timestamp(Date.from(Instant.now()))
                .headers(Map.of(SECONDS, Integer.toString(seconds)))
                .build();
    }
}
