package dev.claimant;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one seed simulates: how the queue and the workers are set up, and which troubles there are.
 *
 * @param crashes workers die while several handlers run and nothing waits, and their messages are there at once: they become suspects
 * @param calm nothing goes wrong and every loop gets its turn in time: no lock may be lost then
 */
record Scenario(
        Capabilities queue,
        int workers,
        int slots,
        @Nullable Integer prefetch,
        int messages,
        boolean ordered,
        boolean calm,
        boolean jobs,
        boolean crashes,
        int maxAttempts,
        @Nullable Duration handlerTimeout) {

    static final Duration LOCK = Duration.ofSeconds(30);
    static final Duration DRAIN = Duration.ofSeconds(20);
    static final Duration FLUSH = Duration.ofSeconds(5);
    static final Duration RESERVATION = Duration.ofMinutes(1);

    static Scenario random(RandomGenerator random) {
        boolean calm = random.nextInt(4) == 0;
        boolean crashes = !calm && random.nextInt(4) == 0;
        boolean ordered = random.nextInt(3) == 0;
        Capabilities queue = InMemoryQueue.allCapabilities()
                .with(all -> all.lockLength(LOCK)
                        .claimers(1 + random.nextInt(2))
                        .retryDelay(random.nextBoolean() ? RetryDelay.NATIVE : RetryDelay.HELD)
                        .releaseCounted(!crashes && random.nextInt(3) == 0)
                        .crashesCounted(crashes || random.nextInt(3) > 0)
                        .reservation(random.nextBoolean())
                        .ordering(ordered ? Ordering.ACROSS_WORKERS : Ordering.NONE));
        int drawn = random.nextInt(8);
        if (!crashes && random.nextBoolean()) {
            queue = queue.with(all -> all.mostAhead(random.nextInt(4)));
        }
        Integer prefetch = crashes ? Integer.valueOf(0) : drawn < 6 ? drawn : null;
        return new Scenario(
                queue,
                crashes ? 1 : 1 + random.nextInt(3),
                crashes ? 2 : 1 + random.nextInt(3),
                prefetch,
                3 + random.nextInt(20),
                ordered,
                calm,
                random.nextInt(4) == 0,
                crashes,
                1 + random.nextInt(crashes ? 2 : 4),
                random.nextInt(3) == 0 ? Duration.ofSeconds(10) : null);
    }

    Settings settings(@Nullable String owner) {
        Settings settings = new Settings();
        settings.name = "simulated";
        settings.slots = slots;
        settings.prefetch = prefetch;
        settings.ordered = ordered;
        settings.handlerTimeout = handlerTimeout;
        settings.drainTimeout = DRAIN;
        settings.flushTimeout = FLUSH;
        settings.reservation = RESERVATION;
        settings.retry =
                RetryPolicy.exponential().maxDelay(Duration.ofSeconds(40)).maxAttempts(maxAttempts);
        if (owner != null) {
            settings.job = JobOptions.messages(2).owner(owner);
        }
        return settings;
    }
}
