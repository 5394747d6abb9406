package dev.claimant.servicebusserver;

import java.util.Map;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.engine.BaseHandler;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Event;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sender;
import org.jspecify.annotations.Nullable;

/** What clients do on their connections, as proton-j reports it. */
final class ConnectionHandler extends BaseHandler {

    private static final int CREDIT = 1000;

    private final ServerState server;

    ConnectionHandler(ServerState server) {
        this.server = server;
    }

    // ---- connections

    @Override
    public void onConnectionRemoteOpen(Event event) {
        Connection connection = event.getConnection();
        ClientConnection client = new ClientConnection(connection);
        client.sendAtOnce();
        connection.setContext(client);
        connection.setContainer("servicebus-server");
        connection.open();
        server.connections.add(client);
    }

    @Override
    public void onConnectionRemoteClose(Event event) {
        event.getConnection().close();
    }

    @Override
    public void onTransportClosed(Event event) {
        gone(event.getConnection());
    }

    @Override
    public void onConnectionUnbound(Event event) {
        gone(event.getConnection());
    }

    private void gone(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        ClientConnection client = (ClientConnection) connection.getContext();
        if (client != null && server.connections.remove(client)) {
            for (ReceivingLink link : java.util.List.copyOf(client.receiving)) {
                link.queue.remove(link, false);
            }
            client.receiving.clear();
            server.linkEnds.gone(connection);
            connection.free();
        }
    }

    @Override
    public void onSessionRemoteOpen(Event event) {
        event.getSession().open();
    }

    @Override
    public void onSessionRemoteClose(Event event) {
        event.getSession()
                .close(); // proton-j frees it with its connection; sooner, its end could not be written any more
    }

    // ---- links

    @Override
    public void onLinkRemoteOpen(Event event) {
        Link link = event.getLink();
        ClientConnection client = (ClientConnection) event.getConnection().getContext();
        server.guarded("attach", new Guarded() {
            @Override
            public void run() throws AmqpError {
                if (link instanceof Receiver receiver) {
                    openIncoming(client, receiver);
                } else {
                    openOutgoing(client, (Sender) link);
                }
            }

            @Override
            public void done() {}

            @Override
            public void failed(AmqpError error) {
                refuse(link, error);
            }
        });
    }

    static void refuse(Link link, AmqpError error) {
        link.open();
        link.setCondition(error.errorCondition());
        link.close();
    }

    private void openIncoming(ClientConnection client, Receiver link) throws AmqpError {
        String address = ((Target) link.getRemoteTarget()).getAddress();
        if (address.equals("$cbs")) {
            link.setContext(new RequestLink(server, client, new TokenNode(server.keys)));
        } else if (address.endsWith("/$management")) {
            String entity = entity(address);
            server.entities.targets(entity);
            link.setContext(new RequestLink(server, client, new ManagementNode(server, entity)));
            server.linkEnds.opened(client, link, entity, Right.LISTEN, Right.SEND);
        } else {
            client.check(address, Right.SEND);
            long size = server.entities.targets(address).stream()
                    .mapToLong(queue -> queue.options.maxMessageBytes())
                    .min()
                    .orElse(EntityOptions.defaults().maxMessageBytes());
            link.setMaxMessageSize(UnsignedLong.valueOf(size));
            link.setContext(new SendingLink(server, address));
            server.linkEnds.opened(client, link, address, Right.SEND);
        }
        open(link);
        link.flow(CREDIT);
    }

    private static String entity(String address) {
        return address.substring(0, address.lastIndexOf('/'));
    }

    private static void open(Link link) {
        if (link.getSource() == null) {
            link.setSource(link.getRemoteSource());
        }
        link.setTarget(link.getRemoteTarget());
        link.setSenderSettleMode(link.getRemoteSenderSettleMode());
        link.setReceiverSettleMode(link.getRemoteReceiverSettleMode());
        link.open();
    }

    private void openOutgoing(ClientConnection client, Sender link) throws AmqpError {
        Source source = (Source) link.getRemoteSource();
        String address = source.getAddress();
        if (address.equals("$cbs") || address.endsWith("/$management")) {
            client.addReplyLink(link);
            open(link);
            return;
        }
        MessageQueue queue = server.entities.queue(address);
        client.check(address, Right.LISTEN);
        Map<?, ?> filter = source.getFilter() == null ? Map.of() : source.getFilter();
        boolean wantsSession = filter.containsKey(SessionAcceptance.FILTER);
        if (wantsSession != queue.options.requiresSession()) {
            throw new AmqpError(
                    AmqpError.NOT_ALLOWED,
                    wantsSession
                            ? "A sessionful message receiver cannot be created on an entity that does not require sessions."
                            : "It is not possible for an entity that requires sessions to create a non-sessionful message"
                                    + " receiver.");
        }
        if (wantsSession) {
            new SessionAcceptance(server, client, queue, link).look();
        } else {
            receive(
                    server,
                    client,
                    queue,
                    link,
                    new ReceivingLink(server, queue, link, queue.lanes().only()));
        }
    }

    static void receive(
            ServerState server, ClientConnection client, MessageQueue queue, Sender link, ReceivingLink receiving) {
        link.setContext(receiving);
        server.linkEnds.opened(client, link, queue.name, Right.LISTEN);
        client.receiving.add(receiving);
        queue.add(receiving);
        open(link);
        queue.pump();
    }

    @Override
    public void onLinkRemoteClose(Event event) {
        ended(event.getLink(), (ClientConnection) event.getConnection().getContext(), true);
        event.getLink().close();
        event.getLink().free();
    }

    @Override
    public void onLinkRemoteDetach(Event event) {
        ended(event.getLink(), (ClientConnection) event.getConnection().getContext(), false);
        event.getLink().detach();
        event.getLink().free();
    }

    private void ended(Link link, @Nullable ClientConnection client, boolean isClosed) {
        server.linkEnds.gone(link);
        if (link.getContext() instanceof ReceivingLink receiving) {
            receiving.queue.remove(receiving, isClosed);
            if (client != null) {
                client.receiving.remove(receiving);
            }
        }
    }

    @Override
    public void onLinkFlow(Event event) {
        server.linkEnds.used(event.getLink());
        if (event.getLink().getContext() instanceof ReceivingLink receiving) {
            receiving.hasCredit();
        }
    }

    @Override
    public void onDelivery(Event event) {
        Delivery delivery = event.getDelivery();
        server.linkEnds.used(event.getLink());
        Object role = event.getLink().getContext();
        if (role instanceof ReceivingLink receiving) {
            receiving.settled(delivery);
        } else if (role instanceof IncomingLink incoming && delivery.isReadable() && !delivery.isPartial()) {
            Receiver link = (Receiver) event.getLink();
            byte[] bytes = new byte[delivery.available()];
            link.recv(bytes, 0, bytes.length);
            link.advance();
            incoming.received(link, delivery, bytes);
            link.flow(1);
        }
    }
}
