package dev.claimant.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Settlement;
import dev.claimant.spi.Source;
import dev.claimant.spi.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages from a RabbitMQ queue, 3.10 or newer, of the quorum or the classic kind.
 *
 * <p>The lock is the channel: it holds until the message is settled or the connection ends, and no renewal prolongs it. What a broken
 * connection held is lost, whatever becomes of the connection afterwards; the next claim opens a new one.
 *
 * <p>A completion is sent and not answered: {@link Verdict#APPLIED} means that it left on a connection that was up. Retries with a delay
 * and dead letters are copies, which the broker confirms before the original is let go.
 *
 * <p>Opens one connection for claims, one more at the first copy, one more at the first {@link #backlog} where there is no management
 * API. Thread-safe as {@link Source} asks.
 */
public final class RabbitMqSource implements Source {

    /** A broker that pushes cannot say that it has nothing; after so long it has. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(50);

    private final RabbitMqConfig config;
    private final Connections connections;
    private final Publisher publisher;
    private final Settling settling;
    private final Counting counting;
    private final Object opening = new Object();
    private volatile @Nullable Subscription subscription;
    private volatile @Nullable Events events;
    private volatile @Nullable Watch watch;
    private volatile boolean stopped;
    private volatile boolean closed;

    private RabbitMqSource(RabbitMqConfig config) {
        this.config = config;
        connections = new Connections(config);
        publisher = new Publisher(connections);
        settling = new Settling(config, publisher);
        counting = new Counting(config, connections);
    }

    /** A quorum queue with all settings at their defaults. */
    public static RabbitMqSource queue(String uri, String queue) {
        return of(RabbitMqConfig.queue(uri, queue).build());
    }

    /** A queue as the settings say. */
    public static RabbitMqSource of(RabbitMqConfig config) {
        return new RabbitMqSource(config);
    }

    /**
     * Declares the queue, its retry queues and its dead-letter queue where they are missing, whether the settings say so or not: for an
     * administrator, so that no worker needs the right to.
     *
     * @throws ConfigurationException naming every queue that may not be declared
     * @throws SourceException if the broker cannot be reached
     */
    public static void declare(RabbitMqConfig config) {
        Connection connection = new Connections(config).open("declare");
        try {
            List<String> problems = Topology.problems(new Probe(connection), config, true);
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitMqErrors.failed("declare", config.queue(), e);
        } finally {
            Connections.close(connection);
        }
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        this.events = events;
        List<String> problems = new ArrayList<>();
        Duration handlerTimeout = plan.handlerTimeout();
        if (handlerTimeout != null
                && !config.consumerTimeout().isZero()
                && handlerTimeout.compareTo(config.consumerTimeout()) >= 0) {
            problems.add("consumerTimeout: " + config.consumerTimeout() + " is not longer than the handler time-out of "
                    + handlerTimeout);
        }
        Broker broker = connect(problems).broker();
        Watch watch = new Watch(config.consumerTimeout(), events, () -> subscription);
        this.watch = watch;
        watch.start();
        return Capabilities.least(connections.silence())
                .lock(Lock.CONNECTION)
                .retryDelay(config.longestRetry() == null ? RetryDelay.HELD : RetryDelay.NATIVE)
                .releaseCounted(broker.countsReleases())
                .crashesCounted(broker.countsCrashes())
                .settlementConfirmed(false)
                .ordering(config.inOrder() ? Ordering.ACROSS_WORKERS : Ordering.NONE)
                .deadLetters(config.deadLetterQueue() != null);
    }

    /** Connects, checks the queues, and becomes the source's subscription. */
    private Subscription connect(List<String> problems) {
        Connection connection = connections.open("claims");
        try {
            Broker broker = Broker.of(connection, config);
            boolean first = subscription == null;
            Probe probe = new Probe(connection);
            if (!Topology.areThere(probe, first ? Topology.names(config) : List.of(config.queue()))) {
                problems.addAll(Topology.problems(probe, config, config.declare()));
            }
            if (first && problems.isEmpty()) {
                problems.addAll(counting.problems(broker));
            }
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            Subscription opened =
                    new Subscription(connection, probe.channel(), config, broker, Objects.requireNonNull(events)::lost);
            subscription = opened;
            return opened;
        } catch (IOException | ShutdownSignalException e) {
            Connections.close(connection);
            throw RabbitMqErrors.failed("open", config.queue(), e);
        } catch (RuntimeException e) {
            Connections.close(connection);
            throw e;
        }
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        Duration atLeast = wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait;
        Exception failure = null;
        for (int connected = 0; connected < 2; connected++) {
            Subscription current = connected();
            long deadline =
                    System.nanoTime() + atLeast.toNanos(); // what it took to connect is no waiting for a message
            if (stopped) {
                return List.of();
            }
            try {
                List<Claim> claims = current.inbox().claim(demand, deadline);
                failure = current.end();
                if (failure == null || !claims.isEmpty()) {
                    return claims;
                }
            } catch (IOException | ShutdownSignalException e) {
                current.giveUp();
                failure = e;
            }
        }
        throw RabbitMqErrors.failed("claim from", config.queue(), Objects.requireNonNull(failure));
    }

    /** The subscription, or a new one where that has ended. */
    private Subscription connected() {
        synchronized (opening) {
            Subscription current = subscription;
            if (current == null) {
                throw new IllegalStateException("open() comes first");
            }
            if (!current.isOver() || stopped) {
                return current;
            }
            current.close();
            try {
                Subscription again = connect(new ArrayList<>());
                if (closed) {
                    again.close();
                }
                return again;
            } catch (ConfigurationException e) {
                throw new SourceException("cannot open " + config.queue() + " again: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        List<Verdict> verdicts = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            RabbitMqClaim ours = (RabbitMqClaim) claim;
            verdicts.add(ours.subscription().holds(ours) ? Verdict.APPLIED : Verdict.LOST);
        }
        return verdicts;
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        return settling.settle(settlements, within);
    }

    @Override
    public void stopClaiming() {
        stopped = true;
        Subscription current = subscription;
        if (current != null) {
            current.stop();
        }
    }

    @Override
    public Backlog backlog() {
        return counting.backlog();
    }

    // ---- for tests

    /** The broker's consumer timeout is near for these, all of one connection. */
    void endanger(List<RabbitMqClaim> claims, Duration finishWithin) {
        Objects.requireNonNull(watch).endanger(claims.get(0).subscription(), claims, finishWithin);
    }

    /** Whether the source knows of a connection on which it holds claims. */
    boolean isConnected() {
        Subscription current = subscription;
        return current != null && !current.isOver();
    }

    @Override
    public void close() {
        stopped = true;
        closed = true;
        Watch watch = this.watch;
        if (watch != null) {
            watch.stop();
        }
        Subscription current = subscription;
        if (current != null) {
            current.close();
        }
        publisher.close();
        counting.close();
    }
}
