package dev.claimant.servicebusserver;

import java.util.LinkedHashSet;
import java.util.Set;

/** All that the server keeps. Only the reactor's thread uses it, except what says otherwise. */
final class ServerState {

    final ServerClock clock = new ServerClock();
    final Set<Switch> switches;
    final Entities entities;
    final AccessKeys keys = new AccessKeys();
    final Faults faults = new Faults();
    final Set<ClientConnection> connections = new LinkedHashSet<>();
    private final ReactorThread reactor;

    ServerState(Set<Switch> switches, ReactorThread reactor) {
        this.switches = switches;
        this.reactor = reactor;
        entities = new Entities(clock, switches);
    }

    void tick() {
        entities.all().forEach(MessageQueue::tick);
    }

    /** Runs the operation, unless a fault is planned for it. */
    void guarded(String operation, Guarded guarded) {
        Faults.Fault fault = faults.next(operation);
        if (fault instanceof Faults.Fault.Fail fail) {
            guarded.failed(new AmqpError(fail.condition(), "as the test has asked for"));
            return;
        }
        if (fault instanceof Faults.Fault.Silence silence && !silence.isDone()) {
            return;
        }
        try {
            guarded.run();
        } catch (AmqpError e) {
            guarded.failed(e);
            return;
        }
        if (fault instanceof Faults.Fault.Delay delay) {
            reactor.after(delay.time(), guarded::done);
        } else if (fault == null) {
            guarded.done();
        }
    }

    void after(java.time.Duration time, Runnable step) {
        reactor.after(time, step);
    }
}
