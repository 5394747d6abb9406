package dev.claimant.servicebusserver;

import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** A link for requests that are answered on another link: to {@code $cbs}, or to the management node of an entity. */
final class RequestLink implements IncomingLink {

    /** Does what a request asks for. */
    interface Node {

        /** The body of the reply; absent: no content. */
        @Nullable Object answer(ClientConnection client, String operation, Message request) throws AmqpError;

        /** The status code of a reply without a body. */
        int emptyStatus();
    }

    private final ServerState server;
    private final ClientConnection client;
    private final Node node;

    RequestLink(ServerState server, ClientConnection client, Node node) {
        this.server = server;
        this.client = client;
        this.node = node;
    }

    @Override
    public void received(Receiver link, Delivery delivery, byte[] bytes) {
        delivery.disposition(Accepted.getInstance());
        delivery.settle();
        Message request = Encoding.decode(bytes);
        String operation = operation(request);
        server.guarded(operation, new Guarded() {
            private @Nullable Object body;

            @Override
            public void run() throws AmqpError {
                body = node.answer(client, operation, request);
            }

            @Override
            public void done() {
                reply(request, body == null ? node.emptyStatus() : 200, "OK", null, body);
            }

            @Override
            public void failed(AmqpError error) {
                reply(request, error.status(), error.description(), error.condition(), null);
            }
        });
    }

    private static String operation(Message request) {
        ApplicationProperties properties = request.getApplicationProperties();
        Object operation = properties == null ? null : properties.getValue().get("operation");
        String name = String.valueOf(operation);
        return name.substring(name.indexOf(':') + 1);
    }

    private void reply(
            Message request, int status, String description, @Nullable String condition, @Nullable Object body) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("statusCode", status);
        properties.put("statusDescription", description);
        if (condition != null) {
            properties.put("errorCondition", Symbol.valueOf(condition));
        }
        Message reply = Proton.message();
        reply.setCorrelationId(request.getMessageId());
        reply.setApplicationProperties(new ApplicationProperties(properties));
        if (body != null) {
            reply.setBody(new AmqpValue(body));
        }
        client.reply(String.valueOf(request.getReplyTo()), reply);
    }
}
