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
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Claims messages of Kafka topics as a member of a consumer group. A lock is the assignment of the message's partition: it ends when the
 * group gives the partition to another member. Every renewal and settlement is a commit, which the broker takes from members only.
 *
 * <p>What is done beyond the first unfinished message of a partition, and how often the unfinished ones were tried, goes with each commit as
 * its metadata: it outlives this process. A try whose worker died is not counted. Thread-safe.
 */
public final class KafkaSource implements Source {

    private final KafkaConfig config;
    private final Assignments assignments = new Assignments();
    private final Object clusterLock = new Object();
    private @Nullable Cluster cluster;
    private volatile @Nullable Membership membership;
    private volatile @Nullable DeadLetters deadLetters;
    private volatile boolean closed;

    /** A source for one worker. Nothing is connected before {@link #open}. */
    public KafkaSource(KafkaConfig config) {
        this.config = config;
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        if (closed || membership != null) {
            throw new ConfigurationException(List.of("source: the one of group " + config.group()
                    + " was opened or closed before; each worker takes one of its own"));
        }
        try {
            List<String> problems = cluster().problems();
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            Membership joining = new Membership(config, consumer(plan), assignments, events);
            joining.start();
            membership = joining;
            if (config.deadLetterTopic() != null) {
                deadLetters = new DeadLetters(producer(), config.deadLetterTopic());
            }
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("open", config.group(), e);
        }
        return Capabilities.builder(config.lockLength())
                .lock(Lock.CONNECTION)
                .releaseCounted(false)
                .ordering(Ordering.PER_WORKER)
                .fencing(true)
                .deadLetters(config.deadLetterTopic() != null)
                .build();
    }

    private Consumer<byte[], byte[]> consumer(Plan plan) {
        Properties properties = properties();
        properties.putIfAbsent("group.protocol", "consumer");
        properties.put("group.id", config.group());
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", config.fromLatest() ? "latest" : "earliest");
        properties.put("max.poll.records", Integer.toString(Math.min(500, plan.maxHeld())));
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(properties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.putAll(config.properties());
        properties.put("bootstrap.servers", config.servers());
        return properties;
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        return assignments.claim(demand, wait.toNanos(), opened()::wake);
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
        DeadLetters to = deadLetters;
        if (to == null) {
            throw new IllegalStateException("deadLetterTopic is not set: this source keeps no dead letters");
        }
        List<Call.Item> asked = new ArrayList<>();
        settlements.forEach(settlement -> asked.add(new Call.Item((KafkaClaim) settlement.claim(), null)));
        List<Verdict> verdicts = new ArrayList<>(ask(asked, within));
        List<Settlement.DeadLetter> unwritten = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            if (asked.get(i).claim().buried()) {
                verdicts.set(i, Verdict.APPLIED);
            } else if (verdicts.get(i) == Verdict.APPLIED) {
                unwritten.add((Settlement.DeadLetter) settlements.get(i));
            }
        }
        try {
            to.write(unwritten, deadline);
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("dead-letter", config.group(), e);
        }
        return mark(settlements, verdicts, Duration.ofNanos(deadline - System.nanoTime()));
    }

    /** Those that the dead-letter topic has are done. */
    private List<Verdict> mark(List<Settlement> settlements, List<Verdict> standing, Duration within) {
        List<Settlement> buried = new ArrayList<>();
        for (Settlement settlement : settlements) {
            if (((KafkaClaim) settlement.claim()).buried()) {
                buried.add(settlement);
            }
        }
        List<Verdict> marked = ask(items(buried), within);
        List<Verdict> verdicts = new ArrayList<>(standing);
        for (int i = 0; i < verdicts.size(); i++) {
            int place = buried.indexOf(settlements.get(i));
            if (place >= 0) {
                verdicts.set(i, marked.get(place));
            } else if (verdicts.get(i) == Verdict.APPLIED) {
                verdicts.set(i, Verdict.UNKNOWN);
            }
        }
        return verdicts;
    }

    private List<Verdict> ask(List<Call.Item> items, Duration within) {
        return items.isEmpty() ? List.of() : opened().ask(items, within).await(config.group());
    }

    @Override
    public void stopClaiming() {
        assignments.stop();
        Membership running = membership;
        if (running != null) {
            running.wake();
        }
    }

    @Override
    public Backlog backlog() {
        try {
            return cluster().backlog();
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted("count", config.group(), e);
        }
    }

    private Cluster cluster() {
        synchronized (clusterLock) {
            if (cluster == null) {
                cluster = new Cluster(config);
            }
            return cluster;
        }
    }

    private Membership opened() {
        Membership opened = membership;
        if (opened == null) {
            throw new IllegalStateException("open() comes first");
        }
        return opened;
    }

    @Override
    public void close() {
        closed = true;
        stopClaiming();
        Membership running = membership;
        if (running != null) {
            running.close();
        }
        DeadLetters written = deadLetters;
        if (written != null) {
            written.close();
        }
        synchronized (clusterLock) {
            if (cluster != null) {
                cluster.close();
                cluster = null;
            }
        }
    }
}
