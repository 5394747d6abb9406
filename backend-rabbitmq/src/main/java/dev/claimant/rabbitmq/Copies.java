package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The properties of a copy: those of the original, without what the broker would act upon, and with our bookkeeping. */
final class Copies {

    /** In bytes. */
    private static final int LONGEST_REASON = 2_000;

    private static final int LONGEST_ERROR = 8_000;
    private static final int SHORTEST_REASON = 100;

    /** What the broker adds when it moves a message, mostly names of queues and exchanges, and what we add when one is sent. */
    private static final int ROOM_FOR_THE_BROKER = 4_096;

    private static final int LEAST_FRAME = 4_096;
    private static final int PERSISTENT = 2;

    private Copies() {}

    static BasicProperties retry(RabbitMqClaim claim, Duration delay) {
        String expiration = delay.isZero() ? claim.properties().getExpiration() : Long.toString(delay.toMillis());
        return fitted(claim.properties(), headers(claim), expiration, frameMax(claim));
    }

    static BasicProperties dead(RabbitMqClaim claim, String reason, @Nullable String error) {
        Map<String, Object> headers = headers(claim);
        explain(headers, claim, reason, error);
        headers.put(Messages.DEAD_AT, Date.from(Instant.now()));
        return fitted(claim.properties(), headers, null, frameMax(claim));
    }

    /** For a message that cannot be given up now: when it comes back it has no attempt left, and its reason with it. */
    static BasicProperties toBeGivenUp(RabbitMqClaim claim, String reason, @Nullable String error, int lastAttempt) {
        Map<String, Object> headers = headers(claim);
        explain(headers, claim, reason, error);
        headers.put(Messages.ATTEMPT, Math.max(claim.attempt(), lastAttempt));
        return fitted(claim.properties(), headers, null, frameMax(claim));
    }

    /** The first reason stays. */
    private static void explain(
            Map<String, Object> headers, RabbitMqClaim claim, String reason, @Nullable String error) {
        String before = claim.bookkeeping(Messages.REASON);
        String why = before == null ? error : claim.bookkeeping(Messages.ERROR);
        headers.put(Messages.REASON, shortened(before == null ? reason : before, LONGEST_REASON));
        if (why != null) {
            headers.put(Messages.ERROR, shortened(why, LONGEST_ERROR));
        }
    }

    /** For a dead letter that is to be tried again from its first attempt. */
    static BasicProperties redriven(BasicProperties dead, Envelope envelope, String id, int frameMax) {
        BasicProperties asSent = SetAside.asSent(dead);
        Map<String, Object> headers =
                headers(asSent, SetAside.exchange(dead, envelope), SetAside.routingKey(dead, envelope), id, 0);
        return fitted(asSent, headers, null, frameMax);
    }

    static BasicProperties numbered(BasicProperties properties, long number) {
        Map<String, Object> headers = new HashMap<>(Messages.headers(properties));
        headers.put(Messages.COPY, number);
        return properties.builder().headers(headers).build();
    }

    static long number(BasicProperties properties) {
        return Messages.headers(properties).get(Messages.COPY) instanceof Long number ? number : -1;
    }

    private static int frameMax(RabbitMqClaim claim) {
        return claim.subscription().frameMax();
    }

    private static Map<String, Object> headers(RabbitMqClaim claim) {
        return headers(claim.properties(), claim.exchange(), claim.routingKey(), claim.id(), claim.attempt());
    }

    private static Map<String, Object> headers(
            BasicProperties asSent, String exchange, String routingKey, String id, int attempt) {
        Map<String, Object> headers = new HashMap<>(Messages.headers(asSent));
        headers.keySet().removeIf(Messages::isBookkeeping);
        SetAside.from(headers, asSent, exchange, routingKey);
        headers.put(Messages.ATTEMPT, attempt);
        if (Messages.key(asSent) == null) {
            headers.put(Messages.ID, id);
        }
        return headers;
    }

    /** The content header of a message must fit into one frame. What we added gives way first, and never what the sender set. */
    private static BasicProperties fitted(
            BasicProperties asSent, Map<String, Object> headers, @Nullable String expiration, int frame) {
        // The broker refuses a user id that is not the publishing connection's own.
        BasicProperties.Builder copy = asSent.builder()
                .headers(headers)
                .deliveryMode(PERSISTENT)
                .userId(null)
                .expiration(expiration);
        int room = frame == 0 ? Integer.MAX_VALUE : Math.max(frame - ROOM_FOR_THE_BROKER, LEAST_FRAME);
        shorten(headers, Messages.ERROR, 0, size(copy) - room);
        shorten(headers, Messages.REASON, SHORTEST_REASON, size(copy) - room);
        if (size(copy) > room) {
            SetAside.drop(headers);
        }
        return copy.build();
    }

    private static void shorten(Map<String, Object> headers, String name, int least, int excess) {
        if (excess > 0 && headers.get(name) instanceof String text) {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            headers.put(name, shortened(text, Math.max(least, bytes - excess)));
        }
    }

    private static int size(BasicProperties.Builder copy) {
        try {
            return copy.build().toFrame(1, 0).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Never in the middle of a character. */
    private static String shortened(String text, int mostBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= mostBytes) {
            return text;
        }
        byte[] ellipsis = "…".getBytes(StandardCharsets.UTF_8);
        int end = Math.max(0, mostBytes - ellipsis.length);
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + (mostBytes < ellipsis.length ? "" : "…");
    }
}
