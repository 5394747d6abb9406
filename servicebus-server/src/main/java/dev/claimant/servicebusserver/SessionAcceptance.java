package dev.claimant.servicebusserver;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Sender;
import org.jspecify.annotations.Nullable;

/** A link that waits for a session to be free: it is opened when one is, and refused when its time is over. */
final class SessionAcceptance {

    /** The filter by which a link asks for a session, with its id or null, and is told which one it has. */
    static final Symbol FILTER = Symbol.valueOf("com.microsoft:session-filter");

    private static final Symbol LOCKED_UNTIL = Symbol.valueOf("com.microsoft:locked-until-utc");
    private static final Symbol TIMEOUT = Symbol.valueOf("com.microsoft:timeout");
    private static final long EPOCH_IN_TICKS = 621_355_968_000_000_000L;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final ServerState server;
    private final ClientConnection client;
    private final MessageQueue queue;
    private final Sender link;
    private final @Nullable String wanted;
    private final long until;

    SessionAcceptance(ServerState server, ClientConnection client, MessageQueue queue, Sender link) {
        this.server = server;
        this.client = client;
        this.queue = queue;
        this.link = link;
        Object session = ((Source) link.getRemoteSource()).getFilter().get(FILTER);
        wanted = session == null ? null : session.toString();
        Object timeout = link.getRemoteProperties() == null
                ? null
                : link.getRemoteProperties().get(TIMEOUT);
        long millis = timeout instanceof Number number ? number.longValue() : 60_000;
        until = System.nanoTime() + millis * 1_000_000;
    }

    void look() {
        if (link.getRemoteState() != EndpointState.ACTIVE || !server.connections.contains(client)) {
            return;
        }
        try {
            Lane lane = queue.lanes().free(wanted);
            if (lane != null) {
                grant(lane);
            } else if (System.nanoTime() - until >= 0) {
                throw new AmqpError(AmqpError.TIMEOUT, "There is no session to accept within the time");
            } else {
                server.after(LOOK_AGAIN, this::look);
            }
        } catch (AmqpError e) {
            ConnectionHandler.refuse(link, e);
        }
    }

    private void grant(Lane lane) {
        Source granted = new Source();
        granted.setAddress(((Source) link.getRemoteSource()).getAddress());
        Map<Symbol, Object> filter = new HashMap<>();
        filter.put(FILTER, lane.sessionId);
        granted.setFilter(filter);
        link.setSource(granted);
        ReceivingLink receiving = new ReceivingLink(server, queue, link, lane);
        queue.lanes().lock(lane, receiving);
        Map<Symbol, Object> properties = new HashMap<>();
        properties.put(LOCKED_UNTIL, lane.lockedUntil * 10_000 + EPOCH_IN_TICKS);
        link.setProperties(properties);
        ConnectionHandler.receive(server, client, queue, link, receiving);
    }
}
