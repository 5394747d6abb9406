package dev.claimant.servicebusserver;

import java.util.List;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Receiver;

/** A link on which a client sends messages to a queue or topic. */
final class SendingLink implements IncomingLink {

    private final ServerState server;
    private final String path;

    SendingLink(ServerState server, String path) {
        this.server = server;
        this.path = path;
    }

    @Override
    public void received(Receiver link, Delivery delivery, byte[] bytes) {
        List<byte[]> messages = Encoding.split(bytes, delivery.getMessageFormat());
        server.guarded("send", new Guarded() {
            @Override
            public void run() throws AmqpError {
                server.entities.send(path, messages);
            }

            @Override
            public void done() {
                answer(delivery, Accepted.getInstance());
            }

            @Override
            public void failed(AmqpError error) {
                Rejected rejected = new Rejected();
                rejected.setError(error.errorCondition());
                answer(delivery, rejected);
            }
        });
    }

    private static void answer(Delivery delivery, DeliveryState state) {
        delivery.disposition(state);
        delivery.settle();
    }
}
