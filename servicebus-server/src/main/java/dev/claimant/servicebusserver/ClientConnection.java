package dev.claimant.servicebusserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.engine.impl.TransportImpl;
import org.apache.qpid.proton.message.Message;
import org.apache.qpid.proton.reactor.Selectable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection: what it may do, and the links on which it gets replies. */
final class ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    final Connection connection;
    final List<AccessKeys.Grant> grants = new ArrayList<>();
    final List<ReceivingLink> receiving = new ArrayList<>();
    private final Map<String, Sender> replyLinks = new HashMap<>();
    private long lastTag;

    ClientConnection(Connection connection) {
        this.connection = connection;
    }

    /**
     * Has the socket send every frame at once, as Microsoft's servers do (azure-amqp, TcpTransport). Else a message to an idle client waits for
     * 40 ms, until that client's kernel confirms the answer before it.
     */
    void sendAtOnce() {
        try {
            socket().setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            LOG.debug("the client is gone before its connection is open", e);
        }
    }

    boolean sendsAtOnce() {
        try {
            return socket().getOption(StandardSocketOptions.TCP_NODELAY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SocketChannel socket() {
        return (SocketChannel)
                ((TransportImpl) connection.getTransport()).getSelectable().getChannel();
    }

    boolean may(String entity, Right right) {
        return grants.stream().anyMatch(grant -> grant.covers(entity, right));
    }

    void check(String entity, Right right) throws AmqpError {
        if (!may(entity, right)) {
            throw new AmqpError(
                    AmqpError.UNAUTHORIZED,
                    "Unauthorized access. '" + right + "' claim(s) are required to perform this operation on '" + entity
                            + "'.");
        }
    }

    /** Replies are for the address of its target (the SDK for Java), or for its name (the SDK for JavaScript). */
    void addReplyLink(Sender link) {
        replyLinks.put(link.getName(), link);
        if (link.getRemoteTarget() instanceof Target target && target.getAddress() != null) {
            replyLinks.put(target.getAddress(), link);
        }
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

    /** From now on as if the network had lost the other end: what the client says is taken from the socket and dropped, and nothing is sent. */
    void fallSilent() {
        Transport transport = connection.getTransport();
        Selectable socket = ((TransportImpl) transport).getSelectable();
        SocketChannel channel = socket();
        socket.onReadable(same -> {
            if (isAtItsEnd(channel)) {
                drop();
                same.setReading(false);
                same.terminate();
                same.getReactor().update(same);
            }
        });
        socket.onWritable(same -> {
            transport.pop(Math.max(0, transport.pending()));
            same.setWriting(false);
            same.getReactor().update(same);
        });
        socket.onExpired(same -> {
            same.setDeadline(0);
            same.getReactor().update(same);
        });
    }

    private static boolean isAtItsEnd(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(65536)) < 0;
        } catch (IOException e) {
            return true;
        }
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
