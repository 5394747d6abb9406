package dev.claimant.servicebusserver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that the server keeps. Only the reactor's thread uses it, except what says otherwise. */
final class ServerState {

    final ServerClock clock = new ServerClock();
    final Set<Switch> switches;
    final Entities entities;
    final AccessKeys keys = new AccessKeys();
    final Faults faults = new Faults();
    final LinkEnds linkEnds = new LinkEnds(clock);
    final Set<ClientConnection> connections = new LinkedHashSet<>();
    private final ReactorThread reactor;
    private final @Nullable DiskState disk;

    /** @param directory what it holds comes back; absent: all is in memory */
    ServerState(Set<Switch> switches, ReactorThread reactor, Parts parts, @Nullable Path directory) throws IOException {
        this.switches = switches;
        this.reactor = reactor;
        entities = new Entities(clock, switches, parts, directory != null);
        disk = directory == null ? null : new DiskState(directory, entities, clock);
    }

    /** Writes to disk what has changed; clients are told afterwards. */
    void write() {
        if (disk != null) {
            disk.write();
        }
    }

    void close() throws IOException {
        if (disk != null) {
            disk.write();
            disk.close();
        }
    }

    void tick() {
        entities.all().forEach(MessageQueue::tick);
        linkEnds.look();
    }

    /** The links that receive from a queue or subscription. */
    List<ReceivingLink> linksFrom(String path) {
        return connections.stream()
                .flatMap(client -> client.receiving.stream())
                .filter(link -> Entities.key(link.queue.name).equals(Entities.key(path)))
                .toList();
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
