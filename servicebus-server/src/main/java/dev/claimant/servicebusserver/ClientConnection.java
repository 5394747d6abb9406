package dev.claimant.servicebusserver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.message.Message;

/** One client's connection: what it may do, and the links on which it gets replies. */
final class ClientConnection {

    final Connection connection;
    final List<AccessKeys.Grant> grants = new ArrayList<>();
    final List<ReceivingLink> receiving = new ArrayList<>();
    private final Map<String, Sender> replyLinks = new HashMap<>();
    private long lastTag;

    ClientConnection(Connection connection) {
        this.connection = connection;
    }

    void check(String entity, Right right) throws AmqpError {
        if (grants.stream().noneMatch(grant -> grant.covers(entity, right))) {
            throw new AmqpError(
                    AmqpError.UNAUTHORIZED,
                    "Unauthorized access. '" + right + "' claim(s) are required to perform this operation on '" + entity
                            + "'.");
        }
    }

    void addReplyLink(String address, Sender link) {
        replyLinks.put(address, link);
    }

    /** Sends a reply, unless its link is gone. */
    void reply(String address, Message message) {
        Sender link = replyLinks.get(address);
        if (link == null || link.getLocalState() != org.apache.qpid.proton.engine.EndpointState.ACTIVE) {
            return;
        }
        byte[] bytes = Encoding.encode(message);
        Delivery delivery = link.delivery(Long.toString(++lastTag).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        link.send(bytes, 0, bytes.length);
        delivery.settle();
        link.advance();
    }

    /** Ends the connection without a word. */
    void drop() {
        Transport transport = connection.getTransport();
        if (transport != null) {
            transport.close_tail();
            transport.close_head();
            transport.pop(Math.max(0, transport.pending())); // or proton-j would not notice that it is closed
        }
    }
}
