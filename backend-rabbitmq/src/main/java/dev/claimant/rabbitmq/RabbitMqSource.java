package dev.claimant.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages from a RabbitMQ queue, 3.10 or newer, of the quorum or the classic kind.
 *
 * <p>The lock is the channel: it holds until the message is settled or the connection ends, and no renewal prolongs it. What a broken
 * connection held is lost, whatever becomes of the connection afterwards; the next claim opens a new one.
 *
 * <p>A completion is not answered: {@link Verdict#APPLIED} means that it has left on a connection that was up, or will with others within
 * 10 ms. Retries with a delay and dead letters are copies, which the broker confirms before the original is let go.
 *
 * <p>Opens one connection for claims, one more at the first copy, one more at the first {@link #backlog} where there is no management
 * API. Thread-safe as {@link Source} asks.
 */
public final class RabbitMqSource implements Source {

    /** A broker that pushes cannot say that it has nothing; after this long it has nothing. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(50);

    private final RabbitMqConfig config;
    private final Connections connections;
    private final Publisher publisher;
    private final Settling settling;
    private final BacklogQuery backlogQuery;
    private final Subscriptions subscriptions;
    private volatile @Nullable LockWatch watch;

    private RabbitMqSource(RabbitMqConfig config) {
        Preloading.begin();
        this.config = config;
        connections = new Connections(config);
        publisher = new Publisher("claimant-rabbitmq-" + config.queue + "-copies", connections);
        settling = new Settling(config, publisher);
        backlogQuery = new BacklogQuery(config, connections);
        subscriptions = new Subscriptions(config, connections);
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
            List<String> problems = Topology.declare(new QueueProbe(connection), config);
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitMqErrors.failed("declare", config.queue, e);
        } finally {
            Connections.close(connection);
        }
    }

    /**
     * The queues that {@link #declare} makes, as definitions: for {@code rabbitmqctl import_definitions}, the management API, or
     * {@code load_definitions} in the broker's configuration.
     */
    public static String definitions(RabbitMqConfig config) {
        return Definitions.json(config);
    }

    /** The same as calls of the {@code rabbitmqadmin} that is written in Python, one a line; the newer one imports {@link #definitions}. */
    public static String rabbitmqadmin(RabbitMqConfig config) {
        return Definitions.commands(config);
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        StartupCheck.Report seen = subscriptions.open(backlogQuery, plan, events);
        Broker broker = seen.broker();
        LockWatch watch = new LockWatch(seen.consumerTimeout(), events, subscriptions);
        this.watch = watch;
        watch.start();
        boolean keepsDelays = config.longestRetry != null && seen.retriesReturn();
        publisher.open(events::impaired);
        settling.open(keepsDelays, broker.lastAttempt(plan));
        return Capabilities.builder(connections.silence())
                .lock(Lock.CONNECTION)
                .retryDelay(keepsDelays ? RetryDelay.NATIVE : RetryDelay.HELD)
                .releaseCounted(broker.countsReleases())
                .crashesCounted(broker.countsCrashes())
                .settlementConfirmed(false)
                .mostAhead(broker.mostAhead())
                .ordering(config.inOrder ? Ordering.ACROSS_WORKERS : Ordering.NONE)
                .deadLetters(config.deadLetterQueue != null)
                .build();
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        Duration atLeast = wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait;
        Exception failure = null;
        for (int connected = 0; connected < 2; connected++) {
            Subscription current = subscriptions.live();
            long deadline =
                    System.nanoTime() + atLeast.toNanos(); // what it took to connect is no waiting for a message
            if (subscriptions.areStopped()) {
                return List.of();
            }
            try {
                List<Claim> claims = current.claiming().claim(demand, deadline);
                failure = current.end();
                if (failure == null || !claims.isEmpty()) {
                    return claims;
                }
            } catch (IOException | ShutdownSignalException e) {
                current.giveUp();
                failure = e;
            }
        }
        throw RabbitMqErrors.failed("claim from", config.queue, Objects.requireNonNull(failure));
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        return Renewing.renew(claims);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        return settling.settle(settlements, within);
    }

    @Override
    public void stopClaiming() {
        subscriptions.stop();
    }

    @Override
    public Backlog backlog() {
        return backlogQuery.backlog();
    }

    // ---- for tests

    /** The broker's consumer timeout is near for these, all of one connection. */
    void endanger(List<RabbitMqClaim> claims, Duration finishWithin) {
        Objects.requireNonNull(watch).endanger(claims.get(0).subscription(), claims, finishWithin);
    }

    /** Whether the source knows of a connection on which it holds claims. */
    boolean isConnected() {
        Subscription current = subscriptions.latest();
        return current != null && !current.isOver();
    }

    @Override
    public void close() {
        LockWatch watch = this.watch;
        if (watch != null) {
            watch.stop();
        }
        subscriptions.close();
        publisher.close();
        backlogQuery.close();
    }
}
