package dev.claimant.kafka;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Claims messages of Kafka topics as a member of a consumer group. A lock is the assignment of the message's partition: it ends when the
 * group gives the partition to another member. Every renewal and settlement is a commit, which the broker takes from members only.
 *
 * <p>What is done beyond the first unfinished message of a partition, and how often the unfinished ones were tried, goes with each commit as
 * its metadata: it outlives this process. So does which of them were begun: a try whose worker died counts. Thread-safe.
 */
public final class KafkaSource implements Source {

    /** A commit costs the same for one as for all that a worker at its defaults holds: 500 for each made it a third slower. */
    private static final int SETTLEMENT_BATCH = 2_000;

    private final KafkaConfig config;
    private final Connections connections;
    private final DeliveryBuffer buffer;
    private final BacklogQuery backlogQuery;
    private final Publisher publisher;
    private final MessageMover mover;
    private volatile boolean isRetryDelayHeld;

    private final Memberships memberships;

    private volatile boolean closed;

    private KafkaSource(KafkaConfig config) {
        this.config = config;
        connections = new Connections(config);
        buffer = new DeliveryBuffer();
        backlogQuery = new BacklogQuery(config, connections);
        memberships = new Memberships(config, connections, buffer);
        publisher = new Publisher(connections::producer, config.requestTimeout());
        mover = new MessageMover(config, publisher, memberships::ask);
    }

    /** A source for one worker. Nothing is connected before {@link #open}. */
    public static KafkaSource of(KafkaConfig config) {
        return new KafkaSource(config);
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        if (closed || memberships.isJoined()) {
            throw new ConfigurationException(List.of("source: the one of group " + config.group()
                    + " was opened or closed before; each worker takes one of its own"));
        }
        try {
            memberships.join(plan, events);
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("open", config.group(), e);
        } catch (KafkaException e) {
            throw new ConfigurationException(List.of("property: Kafka's client cannot be made: " + causes(e)));
        }
        // A Job would end with its message in a retry topic, and KEDA would start the next one long before the message
        // is due.
        isRetryDelayHeld = config.retryTiers().isEmpty() || plan.ordered() || plan.job();
        return Capabilities.builder(config.lockLength())
                .lock(Lock.CONNECTION)
                .retryDelay(isRetryDelayHeld ? RetryDelay.HELD : RetryDelay.NATIVE)
                .releaseCounted(false)
                .crashesCounted(true)
                .settlementBatch(SETTLEMENT_BATCH)
                .ordering(Ordering.PER_WORKER)
                .fencing(true)
                .deadLetters(config.deadLetterTopic() != null)
                .build();
    }

    private static String causes(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? "" + e.getMessage() : e.getMessage() + ": " + causes(cause);
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        memberships.requireJoined();
        return buffer.claim(demand, wait.toNanos(), memberships::wake);
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        List<Call.Item> items = new ArrayList<>(claims.size());
        claims.forEach(claim -> items.add(new Call.Item((KafkaClaim) claim, null)));
        return memberships.ask(items, within);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        List<Settlement> moving = new ArrayList<>();
        List<Call.Item> staying = new ArrayList<>();
        for (Settlement settlement : settlements) {
            if (moves(settlement)) {
                moving.add(settlement);
            } else {
                staying.add(new Call.Item((KafkaClaim) settlement.claim(), settlement));
            }
        }
        // both ways at once: the polling thread serves the one while the copies of the other are on their way
        Supplier<List<Verdict>> asked = memberships.begin(staying, within);
        if (moving.isEmpty()) {
            return asked.get();
        }
        Iterator<Verdict> moved = mover.move(moving, within).iterator();
        Iterator<Verdict> stayed = asked.get().iterator();
        return settlements.stream()
                .map(settlement -> moves(settlement) ? moved.next() : stayed.next())
                .toList();
    }

    private boolean moves(Settlement settlement) {
        return mover.moves(settlement) && !(isRetryDelayHeld && settlement instanceof Settlement.Retry);
    }

    @Override
    public void stopClaiming() {
        buffer.stop();
        memberships.wake();
    }

    @Override
    public Backlog backlog() {
        try {
            return backlogQuery.backlog();
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("count", config.group(), e);
        }
    }

    /**
     * {@code partitions.held.back}: how many partitions of this worker are held back by an unfinished message, because as many messages beyond it
     * are claimed or done as {@link KafkaConfig.Builder#maxAhead} or the brokers allow. For moments that is so under load; where it stays, a
     * message is stuck.
     */
    @Override
    public Map<String, LongSupplier> gauges() {
        return Map.of("partitions.held.back", buffer::heldBack);
    }

    @Override
    public void close() {
        closed = true;
        stopClaiming();
        memberships.close();
        publisher.close();
        backlogQuery.close();
        connections.close();
    }
}
