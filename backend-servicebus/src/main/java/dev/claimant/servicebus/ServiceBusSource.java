package dev.claimant.servicebus;

import com.azure.core.credential.TokenCredential;
import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages from a queue or a topic's subscription of Azure Service Bus.
 *
 * <p>The lock is the peek-lock, which renewals extend by its full length. Whether it still holds is what the service says: a lock token that is
 * over settles nothing. Attempts are what the service counts as deliveries, so crashes and releases are among them.
 *
 * <p>Of an entity with sessions ({@link ServiceBusConfig.Builder#sessions}) it claims the messages of each session in their order, one at a
 * time over all workers. The lock is the session's then: its loss is the loss of the message that is held of it.
 *
 * <p>Thread-safe as {@link Source} asks.
 */
public final class ServiceBusSource implements Source {

    /** Each goes by itself, and many are in flight at once. */
    private static final int SETTLEMENT_BATCH = 200;

    /** So that a slot does not wait for a round trip (ADR 0058); with sessions a worker has none to spare. */
    private static final int MOST_AHEAD = 100;

    private final ServiceBusConfig config;
    private final @Nullable TokenCredential credential;
    private final ManagementClient management;
    private final BacklogQuery backlog;
    private @Nullable Opened opened;
    private boolean isStopped;
    private boolean isClosed;

    private ServiceBusSource(ServiceBusConfig config, @Nullable TokenCredential credential) {
        this.config = config;
        this.credential = credential;
        management = new ManagementClient(config);
        backlog = new BacklogQuery(config, management);
    }

    /** A queue or subscription as the settings say. */
    public static ServiceBusSource of(ServiceBusConfig config) {
        return new ServiceBusSource(config, config.credential);
    }

    /** With tokens of this credential also where the connection string has a key: for tests, since an identity needs TLS otherwise. */
    static ServiceBusSource of(ServiceBusConfig config, TokenCredential credential) {
        return new ServiceBusSource(config, credential);
    }

    /** What works once the source is open. */
    private record Opened(Connections connections, Claiming claiming, Renewing renewing, Settling settling) {}

    @Override
    public synchronized Capabilities open(Plan plan, Events events) {
        if (isClosed || opened != null) {
            throw new ConfigurationException(List.of("source: the one of '" + config.entity
                    + "' was opened or closed before; each worker takes one of its own"));
        }
        Connections connections = new Connections(config, credential);
        Duration lockLength;
        try {
            lockLength = open(plan, events, connections);
        } catch (RuntimeException e) {
            connections.close();
            throw e;
        }
        Capabilities.Builder capabilities = Capabilities.builder(lockLength)
                .retryDelay(config.scheduledRetries ? RetryDelay.NATIVE : RetryDelay.HELD)
                .releaseCounted(true)
                .crashesCounted(true)
                .settlementConfirmed(true)
                .settlementBatch(SETTLEMENT_BATCH)
                .settlementLinger(Duration.ZERO)
                .deadLetters(true);
        return config.sessions
                ? capabilities.ordering(Ordering.ACROSS_WORKERS).build()
                : capabilities.ordering(Ordering.NONE).mostAhead(MOST_AHEAD).build();
    }

    private Duration open(Plan plan, Events events, Connections connections) {
        Publisher publisher = config.scheduledRetries ? new Publisher(config, connections) : null;
        StartupCheck check =
                new StartupCheck(config, management, connections.now().looker(), publisher);
        Duration lockLength = config.lockLength == null ? check.byAdministration(plan) : config.lockLength;
        Holding holding = new Holding();
        Watchdog watchdog = new Watchdog(config, events, connections);
        Renewing renewing = new Renewing(config, holding, watchdog, lockLength);
        DeliveryBuffer buffer = new DeliveryBuffer(new LinkProbe(config, connections, holding, watchdog));
        LockLength locks = new LockLength(config.entity, lockLength);
        Receiving receiving = config.sessions
                ? new SessionReceiving(config, connections, holding, events, buffer, locks)
                : new LinkReceiving(config, connections, holding, buffer, locks);
        watchdog.opensAnewBy(() -> buffer.run(() -> {
            connections.openAnew();
            receiving.connectAnew();
        }));
        Claiming claiming = new Claiming(config, holding, events, buffer, receiving);
        if (config.lockLength != null) {
            check.byLink(plan, claiming);
        }
        if (isStopped) {
            claiming.stop();
        }
        opened = new Opened(
                connections,
                claiming,
                renewing,
                new Settling(config, holding, renewing, connections, watchdog, publisher));
        return lockLength;
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        return opened().claiming.claim(demand, wait);
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        return opened().renewing.renew(claims, within);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        return opened().settling.settle(settlements, within);
    }

    @Override
    public void stopClaiming() {
        Opened parts;
        synchronized (this) {
            isStopped = true;
            parts = opened;
        }
        if (parts != null) {
            parts.claiming.stop();
        }
    }

    @Override
    public Backlog backlog() {
        return backlog.backlog();
    }

    private synchronized Opened opened() {
        if (opened == null) {
            throw new IllegalStateException("open() comes first");
        }
        return opened;
    }

    /** Hands back what nobody has claimed; claims that are held come back when their locks end. */
    @Override
    public void close() {
        Opened parts;
        synchronized (this) {
            isClosed = true;
            parts = opened;
        }
        if (parts != null) {
            parts.claiming.close();
            parts.connections.close();
        }
    }
}
