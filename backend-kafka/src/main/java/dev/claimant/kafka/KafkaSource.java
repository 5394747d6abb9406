package dev.claimant.kafka;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages of Kafka topics as a member of a consumer group. A lock is the assignment of the message's partition: it ends when the
 * group gives the partition to another member. Every renewal and settlement is a commit, which the broker takes from members only.
 *
 * <p>What is done beyond the first unfinished message of a partition, and how often the unfinished ones were tried, goes with each commit as
 * its metadata: it outlives this process. So does which of them were begun: a try whose worker died counts. Thread-safe.
 */
public final class KafkaSource implements Source {

    private final KafkaConfig config;
    private final Connections connections;
    private final DeliveryBuffer buffer;
    private final BacklogQuery backlogQuery;
    private final @Nullable Publisher publisher;
    private volatile @Nullable BrokerThread membership;
    private volatile boolean closed;

    private KafkaSource(KafkaConfig config) {
        this.config = config;
        connections = new Connections(config);
        buffer = new DeliveryBuffer(config.maxAhead());
        backlogQuery = new BacklogQuery(config, connections);
        publisher = config.deadLetterTopic() == null
                ? null
                : new Publisher(connections::producer, config.deadLetterTopic(), config.requestTimeout());
    }

    /** A source for one worker. Nothing is connected before {@link #open}. */
    public static KafkaSource of(KafkaConfig config) {
        return new KafkaSource(config);
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        if (closed || membership != null) {
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
        return Capabilities.builder(config.lockLength())
                .lock(Lock.CONNECTION)
                .releaseCounted(false)
                .crashesCounted(true)
                .ordering(Ordering.PER_WORKER)
                .fencing(true)
                .deadLetters(publisher != null)
                .build();
    }

    private void join(Plan plan, Events events) throws InterruptedException {
        StartupCheck check = new StartupCheck(config, connections);
        List<String> problems = check.problems();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        int limit = check.metadataLimit();
        buffer.shrinkSpan(OffsetMarks.spanWithin(limit));
        BrokerThread joining =
                new BrokerThread(config, connections.consumer(plan.maxHeld()), buffer, events, limit, check::topicName);
        joining.start();
        membership = joining;
    }

    private static String causes(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? "" + e.getMessage() : e.getMessage() + ": " + causes(cause);
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        return buffer.claim(demand, wait.toNanos(), opened()::wake);
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        List<Call.Item> items = new ArrayList<>(claims.size());
        claims.forEach(claim -> items.add(new Call.Item((KafkaClaim) claim, null)));
        return ask(items, within);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        if (!settlements.isEmpty() && settlements.get(0) instanceof Settlement.DeadLetter) {
            return bury(settlements, within);
        }
        return ask(items(settlements), within);
    }

    private static List<Call.Item> items(List<Settlement> settlements) {
        List<Call.Item> items = new ArrayList<>(settlements.size());
        settlements.forEach(settlement -> items.add(new Call.Item((KafkaClaim) settlement.claim(), settlement)));
        return items;
    }

    /** Asks first whether they are ours: what another worker may yet complete must not lie among the dead. */
    private List<Verdict> bury(List<Settlement> settlements, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Publisher to = publisher;
        if (to == null) {
            throw new IllegalStateException("deadLetterTopic is not set: this source keeps no dead letters");
        }
        List<Call.Item> asked = new ArrayList<>();
        for (Settlement settlement : settlements) {
            KafkaClaim claim = (KafkaClaim) settlement.claim();
            // one that was marked as done already is asked for as such: it is not held any more
            asked.add(new Call.Item(claim, claim.isEnded() ? settlement : null));
        }
        List<Verdict> verdicts = new ArrayList<>(ask(asked, within));
        List<Settlement.DeadLetter> ours = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i) == Verdict.APPLIED && !asked.get(i).claim().isEnded()) {
                ours.add((Settlement.DeadLetter) settlements.get(i));
            }
        }
        try {
            to.write(ours, deadline);
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("dead-letter", config.group(), e);
        }
        return mark(settlements, verdicts, ours, Duration.ofNanos(deadline - System.nanoTime()));
    }

    /** Those that the dead-letter topic has are done; the others may be tried again. */
    private List<Verdict> mark(
            List<Settlement> settlements, List<Verdict> standing, List<Settlement.DeadLetter> ours, Duration within) {
        List<Settlement> written = new ArrayList<>();
        for (Settlement.DeadLetter letter : ours) {
            if (Publisher.isWritten((KafkaClaim) letter.claim())) {
                written.add(letter);
            }
        }
        List<Verdict> marked = ask(items(written), within);
        IdentityHashMap<Settlement, Verdict> byLetter = new IdentityHashMap<>();
        ours.forEach(letter -> byLetter.put(letter, Verdict.UNKNOWN));
        for (int i = 0; i < written.size(); i++) {
            byLetter.put(written.get(i), marked.get(i));
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < standing.size(); i++) {
            verdicts.add(byLetter.getOrDefault(settlements.get(i), standing.get(i)));
        }
        return verdicts;
    }

    private List<Verdict> ask(List<Call.Item> items, Duration within) {
        return items.isEmpty() ? List.of() : opened().ask(items, within).await(config.group());
    }

    @Override
    public void stopClaiming() {
        buffer.stop();
        BrokerThread running = membership;
        if (running != null) {
            running.wake();
        }
    }

    @Override
    public Backlog backlog() {
        try {
            return backlogQuery.backlog();
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("count", config.group(), e);
        }
    }

    private BrokerThread opened() {
        BrokerThread opened = membership;
        if (opened == null) {
            throw new IllegalStateException("open() comes first");
        }
        return opened;
    }

    @Override
    public void close() {
        closed = true;
        stopClaiming();
        BrokerThread running = membership;
        if (running != null) {
            running.close();
        }
        if (publisher != null) {
            publisher.close();
        }
        connections.close();
    }
}
