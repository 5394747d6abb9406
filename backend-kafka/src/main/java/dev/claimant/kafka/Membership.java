package dev.claimant.kafka;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Our place in the group: the one thread that may use the client. It polls all the time, with everything paused while nobody wants
 * messages, so that the group never thinks it dead; between and within polls it serves the calls of other threads.
 */
final class Membership implements ConsumerRebalanceListener, Runnable {

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final KafkaConfig config;
    private final Consumer<byte[], byte[]> consumer;
    private final Assignments assignments;
    private final Settling settling;
    private final Events events;
    private final Intake intake;
    private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final CountDownLatch joined = new CountDownLatch(1);
    private final Thread thread = new Thread(this, "claimant-kafka-poll");
    private volatile boolean polling;
    private volatile boolean closing;
    private volatile @Nullable KafkaException refused;
    private boolean left;

    Membership(KafkaConfig config, Consumer<byte[], byte[]> consumer, Assignments assignments, Events events) {
        this.config = config;
        this.consumer = consumer;
        this.assignments = assignments;
        this.settling = new Settling(consumer, assignments, config.lockLength());
        this.events = events;
        this.intake = new Intake(consumer, assignments);
    }

    /** Joins the group; returns when it has taken us in. */
    void start() throws InterruptedException {
        thread.setDaemon(true);
        thread.start();
        boolean in = joined.await(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        KafkaException problem = refused;
        if (problem != null || !in) {
            close();
            throw KafkaErrors.failed(
                    "join", config.group(), problem != null ? problem : new KafkaException("no answer"));
        }
    }

    // ---- any thread

    Call ask(List<Call.Item> items, Duration within) {
        Call call = new Call(items, within);
        calls.add(call);
        wake();
        return call;
    }

    void wake() {
        if (polling) {
            consumer.wakeup();
        }
    }

    void close() {
        closing = true;
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
        consumer.subscribe(config.topics(), this);
        while (!closing) {
            try {
                turn();
            } catch (KafkaException e) {
                if (!(e instanceof WakeupException)) { // somebody has a call, or wants messages
                    failed(e);
                }
            }
        }
        try {
            consumer.close(CloseOptions.timeout(HOUSEKEEPING));
        } catch (KafkaException e) {
            assignments.failed(KafkaErrors.failed("leave", config.group(), e));
        }
    }

    private void turn() {
        serve();
        intake.takeUp();
        if (assignments.isDrained() && !left) {
            left = true;
            Settling.unwoken(() -> {
                consumer.unsubscribe();
                return left;
            });
        }
        if (left) {
            joined.countDown();
            await(POLL.toNanos());
            return;
        }
        ConsumerRecords<byte[], byte[]> messages = poll();
        if (joined.getCount() > 0 && consumer.groupMetadata().generationId() > 0) {
            joined.countDown();
        }
        Set<Ledger> behind = intake.takeIn(messages);
        if (!behind.isEmpty()) {
            settling.commit(behind, HOUSEKEEPING);
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        boolean resumed = assignments.wantsMore();
        if (resumed) {
            consumer.resume(consumer.assignment());
        } else {
            consumer.pause(consumer.assignment());
        }
        polling = true;
        try {
            // What came before we could be woken is seen here.
            boolean awaited = !calls.isEmpty() || (!resumed && assignments.wantsMore());
            return consumer.poll(awaited ? Duration.ZERO : POLL);
        } finally {
            polling = false;
        }
    }

    private void failed(KafkaException e) {
        if (joined.getCount() > 0) {
            refused = e;
            joined.countDown();
        }
        assignments.failed(KafkaErrors.failed("poll", config.group(), e));
        await(POLL.toNanos());
    }

    private void serve() {
        await(0);
    }

    /** Serves what is asked for within this time. */
    private void await(long nanos) {
        try {
            Call first = calls.poll(nanos, TimeUnit.NANOSECONDS);
            if (first != null) {
                List<Call> batch = new ArrayList<>(List.of(first));
                calls.drainTo(batch);
                calls.addAll(settling.serve(batch));
            }
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    // ---- what the group decides, told in a poll

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
        consumer.wakeup(); // ends this poll: the next turn takes them up
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        List<Claim> claims = assignments.withdraw(partitions);
        if (!claims.isEmpty() && !closing) {
            polling = false; // calls are looked for here, and a wake-up would end a commit
            letFinish(partitions, claims);
            polling = true;
        }
        onPartitionsLost(partitions);
    }

    /**
     * The group waits until we return, the worker until its claims are settled, and its settlements for this thread: so the worker is
     * told on another thread, and all settlements, of whatever thread and partition, are served here meanwhile.
     */
    private void letFinish(Collection<TopicPartition> partitions, List<Claim> claims) {
        long deadline = System.nanoTime() + config.revocationTimeout().toNanos();
        CompletableFuture<Void> told = new CompletableFuture<>();
        Thread teller = new Thread(
                () -> {
                    try {
                        events.endangered(claims, config.revocationTimeout());
                    } finally {
                        told.complete(null);
                    }
                },
                "claimant-kafka-endangered");
        teller.setDaemon(true);
        teller.start();
        while (!closing && !told.isDone() && System.nanoTime() < deadline && !assignments.holdNothing(partitions)) {
            await(LOOK_NANOS);
        }
        serve();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        List<Claim> claims = assignments.remove(partitions);
        if (!claims.isEmpty() && !closing) {
            events.lost(claims);
        }
    }
}
