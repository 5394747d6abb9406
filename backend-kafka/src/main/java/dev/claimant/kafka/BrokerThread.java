package dev.claimant.kafka;

import dev.claimant.SourceException;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our place in the group: the one thread that may use the client. It polls all the time, with partitions paused while nobody wants their
 * messages, so that the group never thinks it dead; each turn is one poll and one commit for all that other threads have asked for.
 */
final class BrokerThread implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(BrokerThread.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration LEAVE = Duration.ofSeconds(5);
    private static final Duration NOBODY_THERE = Duration.ofMillis(100);

    /** Between polls that must not wait, because the client does not wait while it has messages of paused partitions (KAFKA-21084). */
    private static final long REST_PAUSED = TimeUnit.MILLISECONDS.toNanos(100);

    /** The same where other partitions may bring something. */
    private static final long REST_HALF_PAUSED = TimeUnit.MILLISECONDS.toNanos(5);

    /** Not an exception of the source, which would be tried again: a claim that gets it ends its thread, and so its worker. */
    private static final class PollThreadDiedError extends Error {
        private static final long serialVersionUID = 1;

        PollThreadDiedError(String group, Throwable cause) {
            super("the thread that polls as group " + group + " has died: " + cause, cause);
        }
    }

    private final KafkaConfig config;
    private final Consumer<byte[], byte[]> consumer;
    private final DeliveryBuffer buffer;
    private final Settling settling;
    private final Claiming claiming;
    private final LockWatch watch;
    private final SignsOfLife life;
    private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final CountDownLatch joined = new CountDownLatch(1);
    private final Thread thread = new Thread(this, "claimant-kafka-poll");

    private volatile boolean waitingInPoll;
    private volatile boolean closing;
    private volatile @Nullable Exception refused;
    private volatile boolean isRefused;

    /** Since when turns fail; 0 while they do not. */
    private long failingSince;

    private boolean left;

    BrokerThread(
            KafkaConfig config,
            Consumer<byte[], byte[]> consumer,
            DeliveryBuffer buffer,
            Events events,
            int metadataLimit,
            Function<String, String> topicNames) {
        this.config = config;
        this.consumer = consumer;
        this.buffer = buffer;
        this.settling = new Settling(consumer, buffer, metadataLimit);
        this.watch = new LockWatch(consumer, buffer, events, config.revocationTimeout(), this::serve);
        this.claiming = new Claiming(consumer, buffer, config.fromLatest(), topicNames, watch::onPartitionsLost);
        this.life = new SignsOfLife(consumer);
        thread.setDaemon(true);
    }

    /** Joins the group; returns when it has taken us in. */
    void start() throws InterruptedException {
        thread.start();
        boolean ended = joined.await(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        Exception problem = refused;
        if (!ended || isRefused) {
            close();
            throw KafkaErrors.notJoined(config.group(), problem != null ? problem : new KafkaException("no answer"));
        }
    }

    // ---- any thread

    Call ask(List<Call.Item> items, Duration within) {
        Call call = new Call(items, within, buffer);
        if (!call.isAnsweredHere()) {
            calls.add(call);
            wake();
        }
        return call;
    }

    void wake() {
        if (waitingInPoll) {
            consumer.wakeup();
        } else {
            LockSupport.unpark(thread);
        }
    }

    void close() {
        closing = true;
        watch.close();
        wake();
        try {
            thread.join(config.requestTimeout().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the polling thread

    @Override
    public void run() {
        try {
            consumer.subscribe(config.topics(), watch);
            while (!closing && !left) {
                tryTurn();
            }
            leave();
            while (!closing) {
                remember(POLL);
            }
        } catch (Throwable e) {
            log.error("The thread that polls as group {} has died; its worker stops.", config.group(), e);
            buffer.died(new PollThreadDiedError(config.group(), e));
            refuse(e instanceof Exception problem ? problem : new KafkaException(e));
            consumer.close(CloseOptions.timeout(LEAVE));
            watch.onPartitionsLost(buffer.all());
        } finally {
            remember(Duration.ZERO);
        }
    }

    private void tryTurn() {
        try {
            listen();
            turn();
            failingSince = 0;
        } catch (WakeupException e) {
            // somebody has a call, or wants messages
        } catch (KafkaException e) {
            if (KafkaErrors.isFatal(e)) {
                throw e;
            }
            failed(e);
        }
    }

    private void turn() {
        claiming.takeUp();
        if (calls.isEmpty() && buffer.isDrained()) {
            left = true;
            joined.countDown();
            return;
        }
        boolean mayBeOut = settling.isFailing();
        claiming.takeIn(poll());
        if (mayBeOut) {
            // What the client learnt while it waited it tells us in the next poll. Until then it commits without an
            // epoch, which a group
            // that has no members left takes from anybody.
            claiming.takeIn(consumer.poll(Duration.ZERO));
        }
        if (joined.getCount() > 0 && consumer.groupMetadata().generationId() > 0) {
            buffer.failed(null);
            joined.countDown();
        }
        serve(0);
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        boolean somePaused = pauseWhatIsNotWanted();
        waitingInPoll = !somePaused;
        try {
            // What came before we could be woken is seen here.
            boolean awaited = !settling.isFailing() && (!calls.isEmpty() || buffer.hasWork());
            waitingInPoll &= !awaited;
            ConsumerRecords<byte[], byte[]> messages = consumer.poll(somePaused || awaited ? Duration.ZERO : POLL);
            waitingInPoll = false;
            if (somePaused && !awaited && messages.isEmpty() && calls.isEmpty()) {
                boolean allPaused =
                        consumer.paused().size() == consumer.assignment().size();
                LockSupport.parkNanos(allPaused ? REST_PAUSED : REST_HALF_PAUSED);
            }
            return messages;
        } finally {
            waitingInPoll = false;
        }
    }

    /** Sets all pauses anew, since a rebalance may forget them; returns whether there are any. */
    private boolean pauseWhatIsNotWanted() {
        Set<TopicPartition> wanted = new HashSet<>(buffer.wanted());
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> toPause = new ArrayList<>();
        List<TopicPartition> toResume = new ArrayList<>();
        boolean somePaused = false;
        for (TopicPartition partition : consumer.assignment()) {
            boolean isWanted = wanted.contains(partition);
            somePaused |= !isWanted;
            if (isWanted == paused.contains(partition)) {
                (isWanted ? toResume : toPause).add(partition);
            }
        }
        consumer.resume(toResume);
        consumer.pause(toPause);
        return somePaused;
    }

    /** A slow broker may take several tries: claims learn of that only when it goes on for long. */
    private void failed(KafkaException e) {
        long now = System.nanoTime();
        failingSince = failingSince == 0 ? now : failingSince;
        refuse(e);
        if (!(e instanceof RetriableException)
                || now - failingSince >= config.requestTimeout().toNanos()) {
            buffer.failed(KafkaErrors.failed("poll", config.group(), e));
        }
        serveQuietly();
        LockSupport.parkNanos(POLL.toNanos());
    }

    private void refuse(Exception e) {
        if (joined.getCount() > 0) {
            refused = e;
            if (!(e instanceof RetriableException)) {
                isRefused = true;
                joined.countDown();
            }
        }
    }

    private void serveQuietly() {
        try {
            serve(0);
        } catch (KafkaException e) {
            log.debug("a commit failed after a failed turn", e);
        }
    }

    /** Serves what is asked for within this time, and commits what else there is to say. */
    private void serve(long nanos) {
        List<Call> batch = new ArrayList<>();
        try {
            Call first = nanos == 0 ? calls.poll() : calls.poll(nanos, TimeUnit.NANOSECONDS);
            if (first != null) {
                batch.add(first);
                calls.drainTo(batch);
            }
        } catch (InterruptedException e) {
            closing = true;
        }
        calls.addAll(settling.serve(batch));
    }

    /** A broker that is silent is told to claims; after the length of a lock, what is held is not ours any more. */
    private void listen() {
        Duration silence = life.silence();
        if (isSilent()) {
            buffer.failed(new SourceException(
                    "cannot reach " + config.servers() + " as group " + config.group() + ": no broker was heard for "
                            + silence.toMillis() + " ms",
                    null));
        }
        if (silence.compareTo(config.lockLength()) > 0) {
            watch.onPartitionsLost(buffer.all());
        }
    }

    private boolean isSilent() {
        return life.silence().compareTo(config.lockLength().dividedBy(2)) > 0;
    }

    /** Leaves the group, a static member too: what is not finished goes to others at once. */
    private void leave() {
        try {
            consumer.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(isSilent() ? NOBODY_THERE : LEAVE));
        } catch (KafkaException e) {
            log.warn(
                    "Leaving group {} failed: others get its partitions after the session time-out.",
                    config.group(),
                    e);
        }
        watch.onPartitionsLost(buffer.all());
    }

    /** Answers calls when we have left: settled is what the group knows of, and nothing else is ours. */
    private void remember(Duration within) {
        try {
            Call call = calls.poll(within.toMillis(), TimeUnit.MILLISECONDS);
            for (Call next = call; next != null; next = calls.poll()) {
                next.isAnsweredHere();
            }
        } catch (InterruptedException e) {
            closing = true;
        }
    }
}
