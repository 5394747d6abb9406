package dev.claimant.servicebusserver;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Sender;
import org.jspecify.annotations.Nullable;

/** A link on which a client receives messages of one queue, or of one session of it, and settles them. */
final class ReceivingLink implements Consumer {

    private final ServerState server;
    final MessageQueue queue;
    private final Sender link;
    private final Lane lane;

    ReceivingLink(ServerState server, MessageQueue queue, Sender link, Lane lane) {
        this.server = server;
        this.queue = queue;
        this.link = link;
        this.lane = lane;
    }

    @Override
    public String name() {
        return link.getName();
    }

    @Override
    public int credit() {
        return link.getLocalState() == EndpointState.ACTIVE ? link.getCredit() : 0;
    }

    @Override
    public boolean deletes() {
        return link.getRemoteSenderSettleMode() == SenderSettleMode.SETTLED;
    }

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public void deliver(StoredMessage message) {
        byte[] bytes = Encoding.encode(message);
        byte[] tag = LockToken.tag(message.token == null ? java.util.UUID.randomUUID() : message.token);
        Delivery delivery = link.delivery(tag);
        link.send(bytes, 0, bytes.length);
        if (deletes()) {
            delivery.settle();
        }
        link.advance();
        server.linkEnds.used(link);
    }

    @Override
    public void sessionLost() {
        detach(AmqpError.sessionLockLost());
    }

    void detach(AmqpError error) {
        link.setCondition(error.errorCondition());
        link.close();
    }

    void hasCredit() {
        queue.pump();
        if (link.getDrain()) {
            link.drained();
        }
    }

    /**
     * The client has said how a delivery ends; it hears whether that is done. On a link that the server has ended nothing is done: the SDK for Java
     * gives back there what its worker still holds.
     */
    void settled(Delivery delivery) {
        DeliveryState wanted = delivery.getRemoteState();
        if (delivery.isSettled() || wanted == null || link.getLocalState() != EndpointState.ACTIVE) {
            return;
        }
        Outcome outcome = outcome(wanted);
        server.guarded(outcome.kind().operation, new Guarded() {
            @Override
            public void run() throws AmqpError {
                queue.settle(LockToken.of(delivery.getTag()), outcome);
            }

            @Override
            public void done() {
                // The error with which a client rejects is its request; the SDK for JavaScript would take it for a
                // refusal.
                answer(delivery, wanted instanceof Rejected ? new Rejected() : wanted);
            }

            @Override
            public void failed(AmqpError error) {
                answer(delivery, refusal(outcome, error));
            }
        });
    }

    private Rejected refusal(Outcome outcome, AmqpError error) {
        Rejected rejected = new Rejected();
        boolean isSilent = outcome.kind() == Outcome.Kind.DEAD_LETTER
                && error.condition().equals(AmqpError.LOCK_LOST)
                && server.switches.contains(Switch.LOST_DEAD_LETTER_WITHOUT_ERROR);
        if (!isSilent) {
            rejected.setError(error.errorCondition());
        }
        return rejected;
    }

    private void answer(Delivery delivery, DeliveryState state) {
        if (link.getLocalState() == EndpointState.ACTIVE) {
            delivery.disposition(state);
            delivery.settle();
        }
    }

    private static Outcome outcome(DeliveryState state) {
        if (state instanceof Accepted) {
            return Outcome.of(Outcome.Kind.COMPLETE);
        }
        if (state instanceof Released) {
            return Outcome.of(Outcome.Kind.RELEASE);
        }
        if (state instanceof Modified modified) {
            Outcome.Kind kind =
                    Boolean.TRUE.equals(modified.getUndeliverableHere()) ? Outcome.Kind.DEFER : Outcome.Kind.ABANDON;
            return new Outcome(kind, properties(modified.getMessageAnnotations()), null, null);
        }
        if (state instanceof Rejected rejected) {
            Map<String, Object> info = rejected.getError() == null
                    ? Map.of()
                    : properties(rejected.getError().getInfo());
            Map<String, Object> others = new LinkedHashMap<>(info);
            Object reason = others.remove("DeadLetterReason");
            Object description = others.remove("DeadLetterErrorDescription");
            return new Outcome(Outcome.Kind.DEAD_LETTER, others, text(reason), text(description));
        }
        throw new IllegalArgumentException("no outcome: " + state);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    static Map<String, Object> properties(@Nullable Map<?, ?> given) {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (given != null) {
            given.forEach((name, value) ->
                    properties.put(name instanceof Symbol symbol ? symbol.toString() : String.valueOf(name), value));
        }
        return properties;
    }
}
