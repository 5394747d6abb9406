package dev.claimant.sqs;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives messages back before SQS does: 12 hours after its claim a message is free again, whatever was renewed. */
final class LockWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LockWatch.class);
    private static final Duration LONGEST_NOTICE = Duration.ofMinutes(1);

    private final SqsConfig config;
    private final Holding holding;
    private final Batches batches;
    private final Events events;
    private final Duration notice;
    private final Thread thread;

    LockWatch(SqsConfig config, Holding holding, Batches batches, Events events) {
        this.config = config;
        this.holding = holding;
        this.batches = batches;
        this.events = events;
        Duration quarter = config.longestLock.dividedBy(4);
        notice = quarter.compareTo(LONGEST_NOTICE) < 0 ? quarter : LONGEST_NOTICE;
        thread = new Thread(this::watch, "claimant-sqs-watch");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(notice.dividedBy(4).toNanos());
                long now = System.nanoTime();
                // Two notices ahead: what comes of age while others are being waited for still has one.
                long old =
                        now - config.longestLock.minus(notice.multipliedBy(2)).toNanos();
                endanger(holding.claimedBefore(old, now), notice);
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    /** Blocks while the worker finishes what it can; the rest goes back. */
    void endanger(List<SqsClaim> claims, Duration finishWithin) {
        if (claims.isEmpty()) {
            return;
        }
        try {
            events.endangered(List.<Claim>copyOf(claims), finishWithin);
        } catch (RuntimeException e) {
            LOG.warn("the worker failed to finish claims whose time is short", e);
        }
        long now = System.nanoTime();
        List<SqsClaim> unfinished =
                claims.stream().filter(claim -> holding.holds(claim, now)).toList();
        if (unfinished.isEmpty()) {
            return;
        }
        LOG.error(
                "{} of {} messages of {} go back unfinished, the first is {}: SQS locks a message for {} at most; split the work",
                unfinished.size(),
                claims.size(),
                config.queue,
                unfinished.get(0),
                config.longestLock);
        for (SqsClaim claim : unfinished) {
            claim.lose();
            holding.remove(claim);
        }
        for (CompletableFuture<Batches.Answer> answer :
                batches.keep(unfinished, unfinished.stream().map(claim -> 0).toList())) {
            var unused = answer.exceptionally(e -> {
                LOG.warn("a message of {} could not be handed back and comes when its lock ends", config.queue, e);
                return Batches.Answer.UNKNOWN;
            });
        }
    }

    void stop() {
        thread.interrupt();
    }
}
