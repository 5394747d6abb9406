package dev.claimant.servicebus;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes messages. What arrives while nobody waits, also after an interrupt, is kept for the next claim. */
final class Claiming {

    private static final Logger LOG = LoggerFactory.getLogger(Claiming.class);

    private final ServiceBusConfig config;
    private final Holding holding;
    private final Events events;
    private final DeliveryBuffer buffer;
    private final Receiving receiving;

    Claiming(ServiceBusConfig config, Holding holding, Events events, DeliveryBuffer buffer, Receiving receiving) {
        this.config = config;
        this.holding = holding;
        this.events = events;
        this.buffer = buffer;
        this.receiving = receiving;
    }

    List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        List<Claim> claims = new ArrayList<>();
        List<Claim> lost = new ArrayList<>();
        buffer.lock.lockInterruptibly();
        try {
            await(demand, wait);
            buffer.gather(demand);
            buffer.throwFailure();
            while (!buffer.isStopped() && claims.size() < demand) {
                ServiceBusClaim claim = buffer.first();
                if (claim == null) {
                    break;
                }
                if (claim.isWithinLock(System.nanoTime())) {
                    lost.addAll(holding.add(claim));
                    claims.add(claim);
                }
            }
        } finally {
            buffer.lock.unlock();
        }
        if (!lost.isEmpty()) {
            events.lost(lost);
        }
        return claims;
    }

    /** Opens the link before anything is claimed. */
    void open() {
        buffer.run(receiving::open);
    }

    /** Why Service Bus refuses the link; absent if it has not done so by then. A link that is granted is not confirmed. */
    @Nullable Throwable refusal(Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        buffer.lock.lock();
        try {
            for (long left = wait.toNanos(); buffer.isWorthWaiting() && left > 0; left = deadline - System.nanoTime()) {
                buffer.await(left);
            }
            return buffer.takeRefusal();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            buffer.lock.unlock();
        }
    }

    private void await(int demand, Duration wait) throws InterruptedException {
        LinkProbe probe = buffer.probe;
        long deadline = System.nanoTime() + wait.toNanos();
        receiving.ask(demand);
        for (long left = wait.toNanos(); buffer.isWorthWaiting() && left > 0; left = deadline - System.nanoTime()) {
            probe.askIfDue(buffer::wakeUp);
            long probing = probe.nanosLeft() == 0 ? Long.MAX_VALUE : probe.nanosLeft(); // it wakes us then
            buffer.await(Math.min(left, Math.min(probing, receiving.nanosToNextAsk())));
            if (probe.isAnswered()) {
                judge();
            }
            receiving.ask(demand);
        }
    }

    private void judge() {
        Throwable unreachable = buffer.probe.takeFailure();
        if (unreachable != null) {
            buffer.fail("looking", config.entity, unreachable);
        } else if (buffer.probe.suspectsTheLink()) {
            LOG.warn(
                    "'{}' has messages, and none has come for {}: its receiving link is opened anew",
                    config.entity,
                    config.silence.multipliedBy(2));
            receiving.openAnew();
        }
    }

    void stop() {
        buffer.run(() -> {
            if (!buffer.isStopped()) {
                buffer.stop();
                receiving.stop();
            }
        });
    }

    void close() {
        stop();
        receiving.close();
    }
}
