package dev.claimant.contract;

import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What one rule works with: an empty queue, pods on it, and hands to send, to wait and to break things. */
final class Bench implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);

    final Harness harness;
    final Capabilities capabilities;
    private final List<Pod> pods = new ArrayList<>();

    Bench(Harness harness, Capabilities capabilities) {
        this.harness = harness;
        this.capabilities = capabilities;
    }

    /** Asks a source that nobody uses otherwise. */
    static Capabilities capabilitiesOf(Harness harness) {
        try (Source source = harness.newSource()) {
            return new Pod(harness, source).open(Pod.plan(harness, null, false));
        } catch (ConfigurationException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the source of " + harness.name() + " cannot be opened", e);
        }
    }

    // ---- pods

    Pod pod() {
        return open(null, false);
    }

    Pod podOf(String owner) {
        return open(owner, false);
    }

    Pod orderedPod() {
        return open(null, true);
    }

    Pod orderedPodOf(String owner) {
        return open(owner, true);
    }

    Pod unopenedPod() {
        return unopenedPod(harness.newSource());
    }

    Pod unopenedPod(Source source) {
        Pod pod = new Pod(harness, source);
        pods.add(pod);
        return pod;
    }

    private Pod open(@Nullable String owner, boolean ordered) {
        Pod pod = unopenedPod();
        pod.open(Pod.plan(harness, owner, ordered));
        return pod;
    }

    /**
     * What the pod can claim now, exactly this many. Looks for half a lock at most: what somebody else holds by mistake would come later,
     * when that lock expires.
     */
    List<Claim> claimBeforeLocksExpire(Pod pod, int count) {
        return pod.claim(count, patienceBelow(capabilities.lockLength().dividedBy(2)));
    }

    private Duration patienceBelow(Duration bound) {
        boolean expires = capabilities.lock() == Lock.TIMED;
        return expires && bound.compareTo(harness.patience()) < 0 ? bound : harness.patience();
    }

    // ---- messages

    /** Returns the message's id. */
    String send(String text) {
        return harness.send(Sending.of(text));
    }

    List<String> send(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(send("message " + i));
        }
        return ids;
    }

    String sendKeyed(String orderingKey, String text) {
        return harness.send(Sending.keyed(orderingKey, text));
    }

    // ---- time

    void passAlmost(Duration time) {
        harness.pass(time.minus(harness.precision()));
    }

    void passBeyond(Duration time) {
        harness.pass(time.plus(harness.precision()));
    }

    /** Ends every lock that this pod holds, the way the source's locks end, without a word to the pod. */
    void endLocksOf(Pod pod) {
        if (capabilities.lock() == Lock.TIMED) {
            passBeyond(capabilities.lockLength());
        } else {
            harness.disconnect(pod.source);
        }
    }

    /** Until it holds, or patience ends. */
    void eventually(Runnable assertion) {
        long giveUp = System.nanoTime() + harness.patience().toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() >= giveUp) {
                    throw e;
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    @Override
    public void close() {
        pods.stream().filter(pod -> !pod.isClosed).forEach(Pod::close);
        harness.close();
    }
}
