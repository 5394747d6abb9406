package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the properties of a copy say: all that the original's said, without the broker's bookkeeping and with ours. */
final class Copies {

    /** The headers of a message must fit into one frame, 128 KiB by default. */
    private static final int LONGEST_REASON = 2_000;

    private static final int LONGEST_ERROR = 8_000;
    private static final int PERSISTENT = 2;

    private Copies() {}

    static BasicProperties retry(RabbitMqClaim claim, Duration delay) {
        BasicProperties.Builder copy = copy(claim, headers(claim));
        return delay.isZero()
                ? copy.expiration(claim.properties().getExpiration()).build()
                : copy.expiration(Long.toString(delay.toMillis())).build();
    }

    static BasicProperties dead(RabbitMqClaim claim, String reason, @Nullable String error) {
        Map<String, Object> headers = headers(claim);
        headers.put(Messages.REASON, shortened(reason, LONGEST_REASON));
        if (error != null) {
            headers.put(Messages.ERROR, shortened(error, LONGEST_ERROR));
        }
        return copy(claim, headers).expiration(null).build();
    }

    static BasicProperties numbered(BasicProperties properties, long number) {
        Map<String, Object> headers = new HashMap<>(Messages.headers(properties));
        headers.put(Messages.COPY, number);
        return properties.builder().headers(headers).build();
    }

    static long number(BasicProperties properties) {
        return Messages.headers(properties).get(Messages.COPY) instanceof Long number ? number : -1;
    }

    private static BasicProperties.Builder copy(RabbitMqClaim claim, Map<String, Object> headers) {
        // The broker refuses a user id that is not the publishing connection's own.
        return claim.properties()
                .builder()
                .headers(headers)
                .deliveryMode(PERSISTENT)
                .userId(null);
    }

    private static Map<String, Object> headers(RabbitMqClaim claim) {
        Map<String, Object> headers = new HashMap<>(Messages.headers(claim.properties()));
        headers.keySet().removeIf(Messages::isBookkeeping);
        headers.put(Messages.ATTEMPT, claim.attempt());
        if (claim.properties().getMessageId() == null) {
            headers.put(Messages.ID, claim.id());
        }
        return headers;
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }
}
