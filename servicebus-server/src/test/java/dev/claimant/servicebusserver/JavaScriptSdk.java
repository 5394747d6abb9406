package dev.claimant.servicebusserver;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Microsoft's SDK for JavaScript, in a Node process of its own. */
final class JavaScriptSdk implements Sdk, AutoCloseable {

    private final NodeProcess node;
    private final Duration patience;

    JavaScriptSdk(Duration patience) {
        this.patience = patience;
        node = new NodeProcess();
    }

    @Override
    public String name() {
        return "JavaScript";
    }

    @Override
    public SdkClient connect(String connectionString) {
        return new Connected(node.call("connect", null, connectionString));
    }

    @Override
    public void close() {
        node.close();
    }

    private final class Connected implements SdkClient {

        private final Object client;

        Connected(@Nullable Object client) {
            this.client = Objects.requireNonNull(client);
        }

        @Override
        public void send(String entity, Outgoing message) {
            node.call("send", client, entity, json(message));
        }

        @Override
        public void sendBatch(String entity, List<Outgoing> messages) {
            node.call(
                    "sendBatch",
                    client,
                    entity,
                    messages.stream().map(JavaScriptSdk::json).toList());
        }

        @Override
        public long schedule(String entity, Outgoing message, Instant at) {
            Object sequence = node.call("schedule", client, entity, json(message), at.toEpochMilli());
            return ((Number) Objects.requireNonNull(sequence)).longValue();
        }

        @Override
        public void cancel(String entity, long sequence) {
            node.call("cancel", client, entity, sequence);
        }

        @Override
        public List<Incoming> peek(String entity, long from, int most) {
            return list(node.call("peek", client, entity, from, most));
        }

        @Override
        public SdkReceiver receiver(String entity) {
            return new Receiver(node.call("receiver", client, entity));
        }

        @Override
        public SdkReceiver deleting(String entity) {
            return new Receiver(node.call("deleting", client, entity));
        }

        @Override
        public SdkReceiver session(String entity, @Nullable String id) {
            return new Receiver(node.call("session", client, entity, id));
        }

        @Override
        public void close() {
            node.call("close", client);
        }
    }

    private final class Receiver implements SdkReceiver {

        private final Object receiver;

        Receiver(@Nullable Object receiver) {
            this.receiver = Objects.requireNonNull(receiver);
        }

        @Override
        public List<Incoming> receive(int count) {
            List<Incoming> messages = list(node.call("receive", receiver, count, patience.toMillis()));
            if (messages.size() < count) {
                throw new AssertionError("no message came");
            }
            return messages;
        }

        @Override
        public void complete(Incoming message) {
            node.call("complete", receiver, message.handle());
        }

        @Override
        public void abandon(Incoming message, Map<String, Object> properties) {
            node.call("abandon", receiver, message.handle(), properties);
        }

        @Override
        public void defer(Incoming message) {
            node.call("defer", receiver, message.handle());
        }

        @Override
        public void deadLetter(Incoming message, String reason, String description, Map<String, Object> properties) {
            node.call("deadLetter", receiver, message.handle(), reason, description, properties);
        }

        @Override
        public void renew(Incoming message) {
            node.call("renew", receiver, message.handle());
        }

        @Override
        public Incoming deferred(long sequence) {
            return incoming(node.call("deferred", receiver, sequence));
        }

        @Override
        public String session() {
            return String.valueOf(node.call("sessionId", receiver));
        }

        @Override
        public void renewSession() {
            node.call("renewSession", receiver);
        }

        @Override
        public void setState(byte[] state) {
            node.call("setState", receiver, Base64.getEncoder().encodeToString(state));
        }

        @Override
        public byte @Nullable [] state() {
            Object state = node.call("state", receiver);
            return state == null ? null : Base64.getDecoder().decode((String) state);
        }

        @Override
        public void close() {
            node.call("close", receiver);
        }
    }

    private static Map<String, Object> json(Outgoing message) {
        Map<String, Object> json = new LinkedHashMap<>(message.fields());
        json.put("body", Base64.getEncoder().encodeToString(message.body()));
        return json;
    }

    private static List<Incoming> list(@Nullable Object json) {
        List<Incoming> messages = new ArrayList<>();
        for (Object message : (List<?>) Objects.requireNonNull(json)) {
            messages.add(incoming(message));
        }
        return messages;
    }

    private static Incoming incoming(@Nullable Object json) {
        Map<String, @Nullable Object> fields = new HashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(json)).forEach((field, value) -> fields.put((String) field, value));
        Object handle = Objects.requireNonNull(fields.remove("handle"));
        byte[] body = Base64.getDecoder().decode((String) Objects.requireNonNull(fields.remove("body")));
        return new Incoming(handle, body, fields);
    }
}
