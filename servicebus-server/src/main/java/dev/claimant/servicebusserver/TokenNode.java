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
        client.grants.add(keys.check(String.valueOf(token.getValue())));
        return null;
    }

    @Override
    public int emptyStatus() {
        return 202;
    }
}
