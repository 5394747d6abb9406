package dev.claimant.servicebusserver;

import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** {@code <entity>/$management}: all that does not go over the links for messages. */
final class ManagementNode implements RequestLink.Node {

    private final ServerState server;
    private final String path;

    ManagementNode(ServerState server, String path) {
        this.server = server;
        this.path = path;
    }

    @Override
    public int emptyStatus() {
        return 204;
    }

    @Override
    public @Nullable Object answer(ClientConnection client, String operation, Message request) throws AmqpError {
        Map<?, ?> body = request.getBody() instanceof AmqpValue value && value.getValue() instanceof Map<?, ?> map
                ? map
                : Map.of();
        client.check(path, isSending(operation) ? Right.SEND : Right.LISTEN);
        return switch (operation) {
            case "renew-lock" -> renew(body);
            case "renew-session-lock" ->
                Map.of(
                        "expiration",
                        Encoding.date(queue().renewSession(text(body, "session-id"), associatedLink(request))));
            case "peek-message" -> peek(body);
            case "receive-by-sequence-number" -> receive(body);
            case "update-disposition" -> settle(body);
            case "schedule-message" -> schedule(body);
            case "cancel-scheduled-message" -> cancel(body);
            case "get-session-state" -> sessionState(body);
            case "set-session-state" -> setSessionState(body);
            default -> throw new AmqpError(AmqpError.NOT_IMPLEMENTED, "The operation is not implemented: " + operation);
        };
    }

    private static boolean isSending(String operation) {
        return operation.equals("schedule-message") || operation.equals("cancel-scheduled-message");
    }

    private MessageQueue queue() throws AmqpError {
        return server.entities.queue(path);
    }

    private Map<String, Object> renew(Map<?, ?> body) throws AmqpError {
        List<Date> expirations = new ArrayList<>();
        for (UUID token : tokens(body)) {
            expirations.add(Encoding.date(queue().renew(token)));
        }
        return Map.of("expirations", expirations.toArray(new Date[0]));
    }

    private @Nullable Object peek(Map<?, ?> body) throws AmqpError {
        long from = number(body, "from-sequence-number");
        int count = (int) number(body, "message-count");
        Object session = body.get("session-id");
        List<Map<String, Object>> found =
                queue().store.peek(from, count, session == null ? null : session.toString()).stream()
                        .map(message -> Map.<String, Object>of("message", new Binary(Encoding.encode(message))))
                        .toList();
        return found.isEmpty() ? null : Map.of("messages", new ArrayList<>(found));
    }

    private Object receive(Map<?, ?> body) throws AmqpError {
        boolean delete = number(body, "receiver-settle-mode") == 0;
        List<Map<String, Object>> found = new ArrayList<>();
        for (StoredMessage message : queue().receiveDeferred(numbers(body, "sequence-numbers"), delete)) {
            Map<String, Object> entry = new HashMap<>();
            entry.put("message", new Binary(Encoding.encode(message)));
            entry.put("lock-token", message.token == null ? new UUID(0, 0) : message.token);
            found.add(entry);
        }
        return Map.of("messages", found);
    }

    private @Nullable Object settle(Map<?, ?> body) throws AmqpError {
        Map<String, Object> properties = body.get("properties-to-modify") instanceof Map<?, ?> given
                ? ReceivingLink.properties(given)
                : Map.of();
        Outcome.Kind kind = switch (text(body, "disposition-status")) {
            case "completed" -> Outcome.Kind.COMPLETE;
            case "abandoned" -> Outcome.Kind.ABANDON;
            case "defered" -> Outcome.Kind.DEFER;
            case "suspended" -> Outcome.Kind.DEAD_LETTER;
            default -> throw new AmqpError(AmqpError.NOT_ALLOWED, "no such disposition-status");
        };
        Object reason = body.get("deadletter-reason");
        Object description = body.get("deadletter-description");
        Outcome outcome = new Outcome(
                kind,
                properties,
                reason == null ? null : reason.toString(),
                description == null ? null : description.toString());
        for (UUID token : tokens(body)) {
            queue().settle(token, outcome);
        }
        return null;
    }

    private Object schedule(Map<?, ?> body) throws AmqpError {
        List<Long> sequences = new ArrayList<>();
        if (body.get("messages") instanceof Iterable<?> messages) {
            for (Object entry : messages) {
                if (entry instanceof Map<?, ?> map && map.get("message") instanceof Binary binary) {
                    sequences.addAll(server.entities.send(path, List.of(Encoding.bytes(binary))));
                }
            }
        }
        return Map.of("sequence-numbers", sequences.toArray(new Long[0])); // long[] cannot be encoded inside a map
    }

    private @Nullable Object cancel(Map<?, ?> body) throws AmqpError {
        queue().store.cancel(numbers(body, "sequence-numbers"));
        return null;
    }

    private Object sessionState(Map<?, ?> body) throws AmqpError {
        byte[] state = queue().lanes().held(text(body, "session-id")).state;
        Map<String, @Nullable Object> reply = new HashMap<>();
        reply.put("session-state", state == null ? null : new Binary(state));
        return reply;
    }

    private @Nullable Object setSessionState(Map<?, ?> body) throws AmqpError {
        Lanes sessions = queue().lanes();
        sessions.setState(
                sessions.held(text(body, "session-id")),
                body.get("session-state") instanceof Binary binary ? Encoding.bytes(binary) : null);
        return null;
    }

    private static String associatedLink(Message request) {
        return String.valueOf(request.getApplicationProperties().getValue().get("associated-link-name"));
    }

    private static String text(Map<?, ?> body, String name) {
        return String.valueOf(body.get(name));
    }

    private static long number(Map<?, ?> body, String name) {
        Object value = body.get(name);
        return value instanceof UnsignedInteger unsigned
                ? unsigned.longValue()
                : value instanceof Number number ? number.longValue() : 0;
    }

    private static List<Long> numbers(Map<?, ?> body, String name) {
        List<Long> numbers = new ArrayList<>();
        Object value = body.get(name);
        if (value instanceof Object[] array) {
            for (Object number : array) {
                numbers.add(((Number) number).longValue());
            }
        } else if (value instanceof long[] array) {
            for (long number : array) {
                numbers.add(number);
            }
        } else if (value instanceof Iterable<?> list) {
            list.forEach(number -> numbers.add(((Number) number).longValue()));
        }
        return numbers;
    }

    private static List<UUID> tokens(Map<?, ?> body) {
        List<UUID> tokens = new ArrayList<>();
        if (body.get("lock-tokens") instanceof Object[] array) {
            for (Object token : array) {
                tokens.add((UUID) token);
            }
        }
        return tokens;
    }
}
