package dev.claimant.servicebusserver;

import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** {@code $cbs}: takes the tokens that say what a connection may do. */
final class TokenNode implements RequestLink.Node {

    private final AccessKeys keys;

    TokenNode(AccessKeys keys) {
        this.keys = keys;
    }

    @Override
    public @Nullable Object answer(ClientConnection client, String operation, Message request) throws AmqpError {
        if (!operation.equals("put-token") || !(request.getBody() instanceof AmqpValue token)) {
            throw new AmqpError(AmqpError.NOT_IMPLEMENTED, "put-token with a token is expected");
        }
        String text = String.valueOf(token.getValue());
        Object type = request.getApplicationProperties().getValue().get("type");
        client.grants.add("jwt".equals(type) ? keys.checkIdentity(text) : keys.check(text));
        return null;
    }

    @Override
    public int emptyStatus() {
        return 202;
    }
}
