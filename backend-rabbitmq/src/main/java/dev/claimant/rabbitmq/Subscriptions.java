package dev.claimant.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The subscription that a source claims from, and the next where that has ended. Thread-safe. */
final class Subscriptions {

    private final RabbitMqConfig config;
    private final Connections connections;
    private final Object opening = new Object();
    private volatile @Nullable Subscription current;
    private volatile @Nullable Events events;
    private volatile StartupCheck.@Nullable Report seen;
    private volatile boolean stopped;
    private volatile boolean closed;

    Subscriptions(RabbitMqConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
    }

    /**
     * The first, once all queues are there and what can be seen of them goes with the settings.
     *
     * @param events told of the lost claims of each subscription that ends of itself
     * @return what was seen
     */
    StartupCheck.Report open(BacklogQuery backlogQuery, Plan plan, Events events) {
        if (closed || current != null) {
            throw new ConfigurationException(List.of("source: the one of " + config.queue
                    + " was opened or closed before; each worker takes one of its own"));
        }
        this.events = events;
        Connection connection = connections.open("claims");
        try {
            QueueProbe probe = new QueueProbe(connection);
            StartupCheck.Report seen = new StartupCheck(config, connection, probe, backlogQuery.management()).run(plan);
            this.seen = seen;
            begin(connection, probe);
            return seen;
        } catch (IOException | RuntimeException e) {
            throw failed(connection, e);
        }
    }

    /** The one there is, or a new one where it has ended. */
    Subscription live() {
        synchronized (opening) {
            Subscription last = current;
            if (last == null) {
                throw new IllegalStateException("open() comes first");
            }
            if (!last.isOver() || stopped) {
                return last;
            }
            last.close();
            try {
                Subscription next = again(connections.open("claims"));
                if (closed) {
                    next.close();
                }
                return next;
            } catch (ConfigurationException e) {
                throw new SourceException("cannot open " + config.queue + " again: " + e.getMessage(), e);
            }
        }
    }

    private Subscription again(Connection connection) {
        try {
            QueueProbe probe = new QueueProbe(connection);
            List<String> problems = Topology.problems(probe, config, List.of(config.queue));
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            return begin(connection, probe);
        } catch (IOException | RuntimeException e) {
            throw failed(connection, e);
        }
    }

    /** Closes a connection on which something has failed, and returns what to throw. */
    private RuntimeException failed(Connection connection, Exception e) {
        Connections.close(connection);
        return e instanceof RuntimeException unexpected && !(e instanceof ShutdownSignalException)
                ? unexpected
                : RabbitMqErrors.failed("open", config.queue, e);
    }

    private Subscription begin(Connection connection, QueueProbe probe) throws IOException {
        Subscription begun = new Subscription(
                connection, probe.channel(), config, Objects.requireNonNull(seen), Objects.requireNonNull(events));
        current = begun;
        return begun;
    }

    /** The last one, even if it is over. */
    @Nullable Subscription latest() {
        return current;
    }

    boolean areStopped() {
        return stopped;
    }

    /** Nothing is claimed any more. */
    void stop() {
        stopped = true;
        Subscription last = current;
        if (last != null) {
            last.stop();
        }
    }

    void close() {
        stopped = true;
        closed = true;
        Subscription last = current;
        if (last != null) {
            last.close();
        }
    }
}
