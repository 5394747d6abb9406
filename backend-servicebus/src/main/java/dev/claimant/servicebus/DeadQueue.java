package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import dev.claimant.SourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The dead-letter queue of an entity, on a connection of its own. Not thread-safe. */
final class DeadQueue implements ReceivingLink.Receiver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadQueue.class);

    /** Service Bus shows this many at most. */
    private static final int PAGE = 250;

    /** How many are taken ahead, and end side by side. */
    private static final int AT_ONCE = 16;

    /** Locks are five seconds long at least. */
    private static final Duration RENEWAL = Duration.ofSeconds(2);

    private final ServiceBusConfig config;
    private final ServiceBusConnection connection;
    private final ServiceBusReceiverAsyncClient client;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    /** What is locked here, by sequence number. */
    private final Map<Long, ServiceBusReceivedMessage> held = new ConcurrentHashMap<>();

    private @Nullable ServiceBusSenderAsyncClient sender;
    private long renewedAt = System.nanoTime();

    /** A message, or the end of the link. */
    private record Arrival(
            @Nullable ServiceBusReceivedMessage message,
            @Nullable Throwable failure) {}

    DeadQueue(ServiceBusConfig config) {
        this.config = config;
        connection = new ServiceBusConnection(config, config.credential);
        client = connection.deadLetters();
    }

    /** Shows messages to the visitor, in order, and changes nothing. */
    void peek(long from, int most, Consumer<ServiceBusReceivedMessage> visitor) {
        long next = from;
        for (int left = most; left > 0; ) {
            List<ServiceBusReceivedMessage> page = Answers.await(
                    client.peekMessages(Math.min(left, PAGE), next).collectList(),
                    "looking at dead letters",
                    config.entity,
                    config.requestTimeout);
            if (page == null || page.isEmpty()) {
                return;
            }
            page.forEach(visitor);
            left -= page.size();
            next = page.get(page.size() - 1).getSequenceNumber() + 1;
        }
    }

    /** Sends a copy to where it came from. */
    Mono<Void> sendAgain(ServiceBusReceivedMessage dead) {
        if (sender == null) {
            sender = connection.sender();
        }
        return sender.sendMessage(Copies.redriven(dead, config.entity));
    }

    /**
     * Takes the messages that are wanted, completes each when the step with it is done, and leaves the others. Returns how many it found: one
     * that somebody else has in work is not waited for.
     */
    int take(
            String operation,
            Predicate<ServiceBusReceivedMessage> wanted,
            Function<ServiceBusReceivedMessage, Mono<Void>> step) {
        Set<Long> missing = new HashSet<>();
        int[] seen = {0};
        int[] upToTheLast = {0};
        peek(0, Integer.MAX_VALUE, message -> {
            seen[0]++;
            if (wanted.test(message)) {
                missing.add(message.getSequenceNumber());
                upToTheLast[0] = seen[0];
            }
        });
        if (missing.isEmpty()) {
            return 0;
        }
        ReceivingLink link = new ReceivingLink(client, this);
        try {
            link.open();
            return take(
                    link,
                    upToTheLast[0],
                    missing,
                    message -> step.apply(message).then(client.complete(message)),
                    operation);
        } finally {
            link.cancel();
            giveBack();
        }
    }

    private int take(
            ReceivingLink link,
            int messages,
            Set<Long> missing,
            Function<ServiceBusReceivedMessage, Mono<Void>> end,
            String operation) {
        int wanted = missing.size();
        Set<Long> seen = new HashSet<>();
        while (!missing.isEmpty()) {
            int more = Math.max(1, Math.min(AT_ONCE, messages - seen.size())) - link.outstanding();
            if (more > 0) {
                link.request(more);
            }
            List<ServiceBusReceivedMessage> ours = new ArrayList<>();
            List<ServiceBusReceivedMessage> some = arrived(operation);
            if (some.isEmpty()) {
                break;
            }
            for (ServiceBusReceivedMessage message : some) {
                link.arrivedOne();
                seen.add(message.getSequenceNumber());
                held.put(message.getSequenceNumber(), message);
                if (missing.remove(message.getSequenceNumber())) {
                    ours.add(message);
                }
            }
            await(
                    Flux.fromIterable(ours)
                            .flatMap(
                                    message -> end.apply(message)
                                            .doOnSuccess(done -> held.remove(message.getSequenceNumber())),
                                    AT_ONCE),
                    operation);
            renewWhatIsHeld();
        }
        return wanted - missing.size();
    }

    /** Waits for one, and takes what has arrived with it; nothing when none comes. */
    private List<ServiceBusReceivedMessage> arrived(String operation) {
        List<Arrival> arrived = new ArrayList<>();
        try {
            Arrival first = arrivals.poll(config.requestTimeout.toNanos(), TimeUnit.NANOSECONDS);
            if (first != null) {
                arrived.add(first);
                arrivals.drainTo(arrived);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException(operation + " of '" + config.entity + "' was interrupted", e);
        }
        List<ServiceBusReceivedMessage> messages = new ArrayList<>();
        for (Arrival arrival : arrived) {
            if (arrival.message == null) {
                throw ServiceBusErrors.failed(
                        operation,
                        config.entity,
                        arrival.failure == null ? new IllegalStateException("the link has ended") : arrival.failure);
            }
            messages.add(arrival.message);
        }
        return messages;
    }

    /** Those that are left alone would come again as soon as their locks end, before those behind them. */
    private void renewWhatIsHeld() {
        if (!held.isEmpty() && System.nanoTime() - renewedAt > RENEWAL.toNanos()) {
            renewedAt = System.nanoTime();
            await(
                    Flux.fromIterable(held.values())
                            .flatMap(message -> client.renewMessageLock(message).onErrorComplete(), AT_ONCE),
                    "renewing dead letters");
        }
    }

    private void giveBack() {
        for (Arrival arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            if (arrival.message != null) {
                held.put(arrival.message.getSequenceNumber(), arrival.message);
            }
        }
        try {
            await(
                    Flux.fromIterable(held.values())
                            .flatMap(message -> client.abandon(message).onErrorComplete(), AT_ONCE),
                    "giving back dead letters");
        } catch (SourceException e) {
            LOG.warn("some dead letters of '{}' are locked until their locks end: {}", config.entity, e.getMessage());
        }
    }

    private void await(Flux<?> operations, String operation) {
        Answers.await(operations.then(), operation, config.entity, config.requestTimeout);
    }

    @Override
    public void arrived(ReceivingLink link, ServiceBusReceivedMessage message) {
        arrivals.add(new Arrival(message, null));
    }

    @Override
    public void broken(ReceivingLink link, @Nullable Throwable failure) {
        arrivals.add(new Arrival(null, failure));
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
        connection.close();
    }
}
