package dev.claimant.servicebus;

import dev.claimant.spi.Events;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches whether Service Bus is heard (ADR 0075). A connection may be dead and nobody knows: the other end is gone without a word, or answers its
 * heartbeats and nothing else. The SDK needs a minute for the first and stays with the second. So where a question is not answered, and nothing else
 * is heard meanwhile, the connection is opened anew, less and less often. Where that does not help for long, the worker is not alive. Thread-safe.
 */
final class Watchdog {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** A shorter silence means nothing: the machine is busy. */
    private static final long SHORTEST_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(30).toNanos();

    /** This many times {@code silence}, five minutes by default: no lock is longer, so a worker that is ended then holds nothing. */
    private static final int LASTING = 10;

    private final ServiceBusConfig config;
    private final Events events;
    private final Connections connections;
    private volatile Runnable openAnew;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean isFailing;
    private boolean isLinkFailing;
    private boolean hasTold;
    private long failingSince;
    private long failedAt;
    private long notBefore = heardAt;
    private long pause = SHORTEST_NANOS;

    /**
     * @param connections the one that is pinged is the one in use
     */
    Watchdog(ServiceBusConfig config, Events events, Connections connections) {
        this.config = config;
        this.events = events;
        this.connections = connections;
        openAnew = connections::openAnew;
    }

    /** How the connection is replaced, together with what is on it. */
    void opensAnewBy(Runnable step) {
        openAnew = step;
    }

    // ---- what is heard

    /** Service Bus has answered, whatever it was. */
    void heard() {
        heardAt = System.nanoTime();
        if (isFailing) {
            recover(false);
        }
    }

    /** A message has come, so the link works too. */
    void delivered() {
        heardAt = System.nanoTime();
        if (isFailing) {
            recover(true);
        }
    }

    /**
     * What has failed may be an answer of Service Bus. Where the token is what is wrong, the connection is of no more use: after one failure the SDK
     * gives up renewing the token by which it settles, renews and looks, and never begins again.
     */
    void heard(Throwable failure) {
        if (ServiceBusErrors.isOfTheToken(failure)) {
            String why = ServiceBusErrors.describe(failure);
            failed(why, true);
            openAnew(why);
        } else if (ServiceBusErrors.isAnswer(failure)) {
            heard();
        }
    }

    private boolean heardSince(long moment) {
        return heardAt - moment >= 0;
    }

    private void recover(boolean byLink) {
        boolean tells;
        synchronized (this) {
            if (isLinkFailing && !byLink && System.nanoTime() - failedAt < 2 * config.silence.toNanos()) {
                return; // an answer elsewhere says nothing about the link
            }
            isFailing = false;
            isLinkFailing = false;
            pause = SHORTEST_NANOS;
            tells = hasTold;
            hasTold = false;
        }
        if (tells) {
            events.broken(null);
        }
    }

    // ---- what is not

    /** Half of the time for an answer is over. */
    void halfTime(long askedAt) {
        if (!heardSince(askedAt)) {
            connections
                    .now()
                    .looker()
                    .peekMessage(0)
                    .hasElement()
                    .timeout(config.requestTimeout)
                    .subscribe(found -> heard(), this::heard);
        }
    }

    /** There was no answer, though a ping was sent: if nothing else has come, the connection is dead. */
    void unanswered(long askedAt) {
        long now = System.nanoTime();
        if (heardSince(askedAt) || now - askedAt < SHORTEST_NANOS) {
            return;
        }
        failed("it does not answer", false);
        openAnew("nothing was heard for " + (now - askedAt) / 1_000_000 + " ms");
    }

    private void openAnew(String why) {
        synchronized (this) {
            long now = System.nanoTime();
            if (now - notBefore < 0) {
                return;
            }
            notBefore = now + pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        LOG.warn("the connection to Service Bus for '{}' is opened anew: {}", config.entity, why);
        openAnew.run();
    }

    /** The link, or its token, was refused or has ended. */
    void linkFailed(Throwable failure) {
        failed(ServiceBusErrors.describe(failure), true);
    }

    private void failed(String why, boolean isOfLink) {
        long lasting = LASTING * config.silence.toNanos();
        synchronized (this) {
            long now = System.nanoTime();
            if (!isFailing) {
                failingSince = now;
            }
            isFailing = true;
            isLinkFailing |= isOfLink;
            failedAt = now;
            if (hasTold || now - failingSince < lasting) {
                return;
            }
            hasTold = true;
        }
        events.broken("Service Bus could not be used for " + config.silence.multipliedBy(LASTING) + " ('"
                + config.entity + "'), though links and connections were opened anew: " + why);
    }
}
