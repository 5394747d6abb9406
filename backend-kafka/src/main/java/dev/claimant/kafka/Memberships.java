package dev.claimant.kafka;

import dev.claimant.ConfigurationException;
import dev.claimant.Verdict;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our places in the groups: the one of the topics, and the one of the retry topics where there are any. Thread-safe. */
final class Memberships {

    private static final Logger log = LoggerFactory.getLogger(Memberships.class);

    private final KafkaConfig config;
    private final Connections connections;
    private final DeliveryBuffer buffer;

    /** By the name of the group; empty until joined. */
    private volatile Map<String, BrokerThread> groups = Map.of();

    Memberships(KafkaConfig config, Connections connections, DeliveryBuffer buffer) {
        this.config = config;
        this.connections = connections;
        this.buffer = buffer;
    }

    boolean isJoined() {
        return !groups.isEmpty();
    }

    void requireJoined() {
        if (!isJoined()) {
            throw new IllegalStateException("open() comes first");
        }
    }

    /** Returns when the brokers have confirmed the settings and each group has taken us in. */
    void join(Plan plan, Events events) throws InterruptedException {
        List<FutureTask<Consumer<byte[], byte[]>>> making = config.subscriptions().stream()
                .map(subscription -> connections.makeConsumer(subscription.group(), plan.maxHeld()))
                .toList();
        TopicIds ids = new TopicIds(config, connections);
        StartupCheck check = new StartupCheck(config, connections, ids);
        List<Consumer<byte[], byte[]>> consumers = new ArrayList<>();
        int limit;
        try {
            List<String> problems = check.problems();
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            limit = check.metadataLimit();
            for (FutureTask<Consumer<byte[], byte[]>> each : making) {
                consumers.add(made(each));
            }
        } catch (RuntimeException | InterruptedException e) {
            making.forEach(Memberships::closeUnused);
            throw e;
        }
        int span = Math.min(config.maxAhead(), OffsetMarks.spanWithin(limit - TopicTag.LENGTH));
        Map<String, BrokerThread> joining = new LinkedHashMap<>();
        List<GroupBuffer> parts = new ArrayList<>();
        for (Subscription subscription : config.subscriptions()) {
            GroupBuffer part = buffer.group(span);
            GroupMember member = new GroupMember(subscription, consumers.get(parts.size()), part);
            parts.add(part);
            joining.put(subscription.group(), new BrokerThread(config, member, events, limit, ids));
        }
        joining.values().forEach(BrokerThread::start);
        try {
            for (BrokerThread group : joining.values()) {
                group.awaitJoined();
            }
        } catch (RuntimeException | InterruptedException e) {
            close(joining.values());
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

    private static Consumer<byte[], byte[]> made(FutureTask<Consumer<byte[], byte[]>> making)
            throws InterruptedException {
        try {
            return making.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException refused ? refused : new KafkaException(e.getCause());
        }
    }

    private static void closeUnused(FutureTask<Consumer<byte[], byte[]>> making) {
        try {
            made(making).close(CloseOptions.timeout(Duration.ZERO));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.debug("a client that was not used", e);
        }
    }

    /** Asks, and waits for the answers. */
    List<Verdict> ask(List<Call.Item> items, Duration within) {
        return begin(items, within).get();
    }

    /** Asks the thread of each group for its claims; what it returns waits for the answers. */
    Supplier<List<Verdict>> begin(List<Call.Item> items, Duration within) {
        requireJoined();
        Map<String, BrokerThread> threads = groups;
        if (threads.size() == 1) {
            Call call = threads.values().iterator().next().ask(items, within);
            return () -> call.await(config.group());
        }
        Map<String, List<Call.Item>> byGroup = new HashMap<>();
        for (Call.Item item : items) {
            byGroup.computeIfAbsent(item.claim().assignment().group(), group -> new ArrayList<>())
                    .add(item);
        }
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

    void wake() {
        groups.values().forEach(BrokerThread::wake);
    }

    void close() {
        close(groups.values());
    }

    private static void close(Collection<BrokerThread> threads) {
        threads.forEach(BrokerThread::beginClose);
        threads.forEach(BrokerThread::close);
    }
}
