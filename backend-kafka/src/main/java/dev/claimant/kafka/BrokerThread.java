package dev.claimant.kafka;

import dev.claimant.SourceException;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our place in the group: the one thread that may use the client. It polls all the time, with partitions paused while nobody wants their
 * messages, so that the group never thinks it dead; each turn is one poll and one commit for all that other threads have asked for.
 */
final class BrokerThread implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(BrokerThread.class);
    private static final Duration LEAVE = Duration.ofSeconds(5);
    private static final Duration NOBODY_THERE = Duration.ofMillis(100);

    private final KafkaConfig config;
    private final Subscription subscription;
    private final Consumer<byte[], byte[]> consumer;
    private final GroupBuffer buffer;
    private final Polling polling;
    private final Settling settling;
    private final Claiming claiming;
    private final LockWatch watch;
    private final SignsOfLife life;
    private final CallQueue calls = new CallQueue();
    private final Joining joining = new Joining();
    private final Thread thread = new Thread(this, "claimant-kafka-poll");

    private volatile boolean closing;

    /** Since when turns fail; 0 while they do not. */
    private long failingSince;

    private boolean left;

    BrokerThread(KafkaConfig config, GroupMember member, Events events, int metadataLimit, TopicIds ids) {
        this.config = config;
        this.subscription = member.subscription();
        this.consumer = member.consumer();
        this.buffer = member.buffer();
        this.settling = new Settling(consumer, buffer, calls, metadataLimit);
        this.polling = new Polling(consumer, buffer, () -> !calls.isEmpty());
        this.watch = new LockWatch(consumer, buffer, events, config.revocationTimeout(), this::serve);
        this.claiming = new Claiming(consumer, buffer, config, subscription.group(), ids, watch::onPartitionsLost);
        this.life = new SignsOfLife(consumer);
        thread.setDaemon(true);
    }

    /** Joins the group. */
    void start() {
        thread.start();
    }

    /** Returns when the group has taken us in. */
    void awaitJoined() throws InterruptedException {
        Exception problem = joining.await(config.requestTimeout());
        if (problem != null) {
            throw KafkaErrors.notJoined(subscription.group(), problem);
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
        polling.wake(thread);
    }

    /** Begins to leave, in any order with {@link #close}. */
    void beginClose() {
        closing = true;
        watch.close();
        wake();
    }

    void close() {
        beginClose();
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
            consumer.subscribe(subscription.topics(), watch);
            while (!closing && !left) {
                tryTurn();
            }
            leave();
            while (!closing) {
                answer(Polling.POLL);
            }
        } catch (Throwable e) {
            log.error("The thread that polls as group {} has died; its worker stops.", subscription.group(), e);
            buffer.died(new PollThreadDiedError(subscription.group(), e));
            joining.failed(e instanceof Exception problem ? problem : new KafkaException(e));
            consumer.close(CloseOptions.timeout(LEAVE));
            watch.onPartitionsLost(buffer.all());
        } finally {
            answer(Duration.ZERO);
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
        claiming.loseOldTopics();
        claiming.takeUp();
        if (calls.isEmpty() && buffer.isDrained()) {
            left = true;
            joining.succeeded();
            return;
        }
        boolean mayBeOut = settling.isFailing();
        claiming.takeIn(polling.poll(!mayBeOut));
        if (mayBeOut) {
            // What the client learnt while it waited it tells us in the next poll. Until then it commits without an
            // epoch, which a group that has no members left takes from anybody.
            claiming.takeIn(consumer.poll(Duration.ZERO));
        }
        if (!joining.isOver() && consumer.groupMetadata().generationId() > 0) {
            buffer.failed(null);
            joining.succeeded();
        }
        serve(0);
    }

    /** A slow broker may take several tries: claims learn of that only when it goes on for long. */
    private void failed(KafkaException e) {
        long now = System.nanoTime();
        failingSince = failingSince == 0 ? now : failingSince;
        joining.failed(e);
        if (!KafkaErrors.mayPass(e)
                || now - failingSince >= config.requestTimeout().toNanos()) {
            buffer.failed(KafkaErrors.failed("poll", subscription.group(), e));
        }
        serveQuietly();
        LockSupport.parkNanos(Polling.POLL.toNanos());
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
        try {
            calls.serve(nanos, settling::serve);
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    /** A broker that is silent is told to claims; after the length of a lock, what is held is not ours any more. */
    private void listen() {
        Duration silence = life.silence();
        if (isLong(silence)) {
            buffer.failed(new SourceException(
                    "cannot reach " + config.servers() + " as group " + subscription.group()
                            + ": no broker was heard for " + silence.toMillis() + " ms",
                    null));
        }
        if (silence.compareTo(config.lockLength()) > 0) {
            watch.onPartitionsLost(buffer.all());
        }
    }

    private boolean isLong(Duration silence) {
        return silence.compareTo(config.lockLength().dividedBy(2)) > 0;
    }

    private boolean isSilent() {
        return isLong(life.silence());
    }

    /**
     * Leaves the group, a static member too: what is not finished goes to others at once. The last commit says that nobody has begun it. Where a
     * rebalance is going on, the client has been seen to report that the callback for it failed, so nothing here depends on that callback.
     */
    private void leave() {
        if (!isSilent()) {
            watch.onPartitionsRevoked(buffer.all());
        }
        try {
            consumer.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(isSilent() ? NOBODY_THERE : LEAVE));
        } catch (KafkaException e) {
            log.warn(
                    "Leaving group {} failed: others get its partitions after the session time-out.",
                    subscription.group(),
                    e);
        }
        watch.onPartitionsLost(buffer.all());
    }

    private void answer(Duration within) {
        try {
            calls.answerAll(within.toNanos());
        } catch (InterruptedException e) {
            closing = true;
        }
    }
}
