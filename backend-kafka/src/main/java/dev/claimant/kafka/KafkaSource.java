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
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims messages of Kafka topics as a member of a consumer group. A lock is the assignment of the message's partition: it ends when the
 * group gives the partition to another member. Every renewal and settlement is a commit, which the broker takes from members only.
 *
 * <p>What is done beyond the first unfinished message of a partition, and how often the unfinished ones were tried, goes with each commit as
 * its metadata: it outlives this process. So does which of them were begun: a try whose worker died counts. Thread-safe.
 */
public final class KafkaSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(KafkaSource.class);

    /** A commit costs the same for one as for all that a worker at its defaults holds: 500 for each made it a third slower. */
    private static final int SETTLEMENT_BATCH = 2_000;

    private final KafkaConfig config;
    private final Connections connections;
    private final DeliveryBuffer buffer;
    private final BacklogQuery backlogQuery;
    private final Publisher publisher;
    private final MessageMover mover;
    private volatile boolean isRetryDelayHeld;

    /** By the name of the group; empty until opened. */
    private volatile Map<String, BrokerThread> groups = Map.of();

    private volatile boolean closed;

    private KafkaSource(KafkaConfig config) {
        this.config = config;
        connections = new Connections(config);
        buffer = new DeliveryBuffer();
        backlogQuery = new BacklogQuery(config, connections);
        publisher = new Publisher(connections::producer, config.requestTimeout());
        mover = new MessageMover(config, publisher, this::ask);
    }

    /** A source for one worker. Nothing is connected before {@link #open}. */
    public static KafkaSource of(KafkaConfig config) {
        return new KafkaSource(config);
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        if (closed || !groups.isEmpty()) {
            throw new ConfigurationException(List.of("source: the one of group " + config.group()
                    + " was opened or closed before; each worker takes one of its own"));
        }
        try {
            join(plan, events);
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

    private void join(Plan plan, Events events) throws InterruptedException {
        StartupCheck check = new StartupCheck(config, connections);
        List<String> problems = check.problems();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        int limit = check.metadataLimit();
        int span = Math.min(config.maxAhead(), OffsetMarks.spanWithin(limit));
        Map<String, BrokerThread> joining = new LinkedHashMap<>();
        List<GroupBuffer> parts = new ArrayList<>();
        for (Subscription subscription : config.subscriptions()) {
            String group = subscription.group();
            GroupBuffer part = buffer.group(span);
            parts.add(part);
            GroupMember member = new GroupMember(subscription, connections.consumer(group, plan.maxHeld()), part);
            joining.put(group, new BrokerThread(config, member, events, limit, check::topicName));
        }
        joining.values().forEach(BrokerThread::start);
        try {
            for (BrokerThread group : joining.values()) {
                group.awaitJoined();
            }
        } catch (RuntimeException | InterruptedException e) {
            close(joining);
            buffer.forgetGroups();
            throw e;
        }
        groups = joining;
        if (plan.job() && !parts.get(0).awaitPartition(config.requestTimeout().toNanos())) {
            log.warn(
                    "Group {} has given this Job no partition within {}: there are more members than partitions, or the others take long to give"
                            + " one up. The Job goes on, and ends if it is given none within its idle time-out.",
                    config.group(),
                    config.requestTimeout());
        }
    }

    private static String causes(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? "" + e.getMessage() : e.getMessage() + ": " + causes(cause);
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        Collection<BrokerThread> threads = opened().values();
        return buffer.claim(demand, wait.toNanos(), () -> threads.forEach(BrokerThread::wake));
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        List<Call.Item> items = new ArrayList<>(claims.size());
        claims.forEach(claim -> items.add(new Call.Item((KafkaClaim) claim, null)));
        return ask(items, within);
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
        Supplier<List<Verdict>> asked = begin(staying, within);
        Iterator<Verdict> moved = (moving.isEmpty() ? List.<Verdict>of() : mover.move(moving, within)).iterator();
        Iterator<Verdict> stayed = asked.get().iterator();
        return settlements.stream()
                .map(settlement -> moves(settlement) ? moved.next() : stayed.next())
                .toList();
    }

    private boolean moves(Settlement settlement) {
        return mover.moves(settlement) && !(isRetryDelayHeld && settlement instanceof Settlement.Retry);
    }

    private List<Verdict> ask(List<Call.Item> items, Duration within) {
        return begin(items, within).get();
    }

    /** Asks the thread of each group for its claims; what it returns waits for the answers. */
    private Supplier<List<Verdict>> begin(List<Call.Item> items, Duration within) {
        Map<String, List<Call.Item>> byGroup = new HashMap<>();
        for (Call.Item item : items) {
            byGroup.computeIfAbsent(item.claim().assignment().group(), group -> new ArrayList<>())
                    .add(item);
        }
        Map<String, BrokerThread> threads = opened();
        Map<String, Call> calls = new HashMap<>();
        byGroup.forEach((group, own) ->
                calls.put(group, Objects.requireNonNull(threads.get(group)).ask(own, within)));
        return () -> {
            Map<String, Iterator<Verdict>> answers = new HashMap<>();
            calls.forEach((group, call) -> answers.put(group, call.await(group).iterator()));
            return items.stream()
                    .map(item -> Objects.requireNonNull(
                                    answers.get(item.claim().assignment().group()))
                            .next())
                    .toList();
        };
    }

    @Override
    public void stopClaiming() {
        buffer.stop();
        groups.values().forEach(BrokerThread::wake);
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
     * For a gauge: how many partitions of this worker are held back by an unfinished message, because as many messages beyond it are claimed or
     * done as {@link KafkaConfig.Builder#maxAhead} or the brokers allow. For moments that is so under load; where it stays, a message is stuck.
     */
    public int partitionsHeldBack() {
        return buffer.heldBack();
    }

    private Map<String, BrokerThread> opened() {
        Map<String, BrokerThread> opened = groups;
        if (opened.isEmpty()) {
            throw new IllegalStateException("open() comes first");
        }
        return opened;
    }

    @Override
    public void close() {
        closed = true;
        stopClaiming();
        close(groups);
        publisher.close();
        backlogQuery.close();
        connections.close();
    }

    private static void close(Map<String, BrokerThread> groups) {
        groups.values().forEach(BrokerThread::beginClose);
        groups.values().forEach(BrokerThread::close);
    }
}
