package dev.claimant.rabbitmq;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives messages back before the broker's consumer timeout takes the channel, and all other locks with it: until 4.3 within a minute
 * after it has passed, from then on at once, but only the consumer, which ends the subscription too.
 *
 * @see <a href="https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout">Delivery acknowledgement timeout</a>
 */
final class LockWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LockWatch.class);
    private static final Duration LONGEST_NOTICE = Duration.ofMinutes(1);

    private final Duration timeout;
    private final Duration notice;
    private final Events events;
    private final Subscriptions subscriptions;
    private final Thread thread;

    LockWatch(Duration timeout, Events events, Subscriptions subscriptions) {
        this.timeout = timeout;
        this.events = events;
        this.subscriptions = subscriptions;
        // Duration divides by BigDecimal, which takes a millisecond of each start.
        notice = Duration.ofNanos(Math.min(timeout.toNanos() / 4, LONGEST_NOTICE.toNanos()));
        thread = new Thread(this::watch, "claimant-rabbitmq-watch");
        thread.setDaemon(true);
    }

    void start() {
        if (!timeout.isZero()) {
            thread.start();
        }
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(notice.toNanos() / 4);
                look();
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    /** Two notices ahead: what comes of age while others are being waited for still has one. */
    private void look() {
        Subscription subscription = subscriptions.latest();
        if (subscription != null) {
            long age = timeout.minus(notice.multipliedBy(2)).toNanos();
            endanger(subscription, subscription.deliveredBefore(System.nanoTime() - age), notice);
        }
    }

    /** Blocks while the worker finishes what it can; the rest goes back, counted where the broker counts, or it would come for ever. */
    void endanger(Subscription subscription, List<RabbitMqClaim> claims, Duration finishWithin) {
        if (claims.isEmpty()) {
            return;
        }
        try {
            List<Claim> told = new ArrayList<>(claims);
            told.removeIf(claim -> ((RabbitMqClaim) claim).leftOut() >= 0); // nobody has claimed it
            events.endangered(told, finishWithin);
        } catch (RuntimeException e) {
            LOG.warn("the worker failed to finish claims whose time is short", e);
        }
        List<RabbitMqClaim> unfinished =
                claims.stream().filter(subscription::holds).toList();
        if (!unfinished.isEmpty()) {
            LOG.error(
                    "{} of {} messages go back unfinished, the first is {}: they were unsettled for nearly the consumerTimeout of {};"
                            + " finish sooner, or raise the queue's timeout or the broker's consumer_timeout, and consumerTimeout where it is said",
                    unfinished.size(),
                    claims.size(),
                    unfinished.get(0),
                    timeout);
            subscription.pause();
            unfinished.forEach(subscription.acknowledging()::reject);
        }
    }

    void stop() {
        thread.interrupt();
    }
}
