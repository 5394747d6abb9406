package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.util.HashMap;
import java.util.Map;

/**
 * What a message was sent with and a copy must not say, since the broker would act upon it: where else the message goes (CC, BCC), when it
 * expires. With the exchange and the routing key it is kept under names of ours, and shown as it was.
 *
 * @see <a href="https://www.rabbitmq.com/docs/sender-selected">Sender-selected distribution</a>
 */
final class SetAside {

    /** Headers by which the broker routes, and their names in a copy. */
    private static final Map<String, String> ROUTING = Map.of("CC", "x-claimant-cc", "BCC", "x-claimant-bcc");

    private static final String EXPIRATION = "x-claimant-expiration";
    private static final String EXCHANGE = "x-claimant-exchange";
    private static final String ROUTING_KEY = "x-claimant-routing-key";

    private SetAside() {}

    /** Takes them out of the headers of a message that is about to be copied, which are its own. */
    static void from(Map<String, Object> headers, BasicProperties asSent, String exchange, String routingKey) {
        ROUTING.forEach((name, ours) -> {
            Object value = headers.remove(name);
            if (value != null) {
                headers.put(ours, value);
            }
        });
        if (asSent.getExpiration() != null) {
            headers.put(EXPIRATION, asSent.getExpiration());
        }
        headers.put(EXCHANGE, exchange);
        headers.put(ROUTING_KEY, routingKey);
    }

    /** Leaves them out, where a copy would be too large otherwise. */
    static void drop(Map<String, Object> headers) {
        headers.keySet().removeAll(ROUTING.values());
        headers.remove(EXCHANGE);
        headers.remove(ROUTING_KEY);
    }

    /** The properties as the message was sent with them, whether this is a copy or the message itself. */
    static BasicProperties asSent(BasicProperties delivered) {
        Map<String, Object> given = Messages.headers(delivered);
        if (!given.containsKey(Messages.ATTEMPT)) {
            return delivered;
        }
        Map<String, Object> headers = new HashMap<>(given);
        ROUTING.forEach((name, ours) -> {
            Object value = headers.remove(ours);
            if (value != null) {
                headers.put(name, value);
            }
        });
        String expiration = Messages.text(given.get(EXPIRATION));
        headers.keySet().removeIf(Messages::isBookkeeping);
        return delivered
                .builder()
                .headers(headers.isEmpty() ? null : headers)
                .expiration(expiration)
                .build();
    }

    static String exchange(BasicProperties delivered, Envelope envelope) {
        String kept = Messages.text(Messages.headers(delivered).get(EXCHANGE));
        return kept != null ? kept : envelope.getExchange();
    }

    static String routingKey(BasicProperties delivered, Envelope envelope) {
        String kept = Messages.text(Messages.headers(delivered).get(ROUTING_KEY));
        return kept != null ? kept : envelope.getRoutingKey();
    }
}
