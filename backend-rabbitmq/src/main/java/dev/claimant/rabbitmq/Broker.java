package dev.claimant.rabbitmq;

import com.rabbitmq.client.Connection;
import dev.claimant.spi.Plan;

/**
 * How the broker counts, which depends on its version and on the kind of queue.
 *
 * @see <a href="https://www.rabbitmq.com/docs/4.3/nack">basic.reject and basic.nack</a>
 */
record Broker(String version, boolean quorum) {

    static final long USUAL_LIMIT = 20;

    /** As many as the client libraries' users give a consumer. */
    private static final int MOST_AHEAD = 250;

    private static final int MOST_AHEAD_UNCOUNTED = 1_000;

    static Broker of(Connection connection, RabbitMqConfig config) {
        return new Broker(String.valueOf(connection.getServerProperties().get("version")), config.quorum);
    }

    /** Until 4.3 a quorum queue counts whatever comes back; from then on it does not count what is handed back untried. */
    boolean countsReleases() {
        return quorum && !isAtLeast(4, 3);
    }

    /** A classic queue counts nothing. */
    boolean countsCrashes() {
        return quorum;
    }

    /** How many messages a worker claims ahead: after a crash a quorum queue counts a delivery for each of them. */
    int mostAhead() {
        return countsCrashes() ? MOST_AHEAD : MOST_AHEAD_UNCOUNTED;
    }

    /** Beyond this attempt the worker gives a message up without a run. */
    int lastAttempt(Plan plan) {
        return countsReleases() ? plan.maxCounted() : plan.maxAttempts();
    }

    /** From 4.0 on a quorum queue gives a message up after {@link #USUAL_LIMIT} counted deliveries, unless told otherwise. */
    boolean limitsDeliveries() {
        return quorum && isAtLeast(4, 0);
    }

    /** From 4.3 on a classic queue leaves messages with their consumer for as long as that lives. */
    boolean hasConsumerTimeout() {
        return quorum || !isAtLeast(4, 3);
    }

    /** Until 3.12 an argument is taken and has no effect, and a policy is refused. */
    boolean hasTimeoutsOfQueues() {
        return hasConsumerTimeout() && isAtLeast(3, 12);
    }

    private boolean isAtLeast(int major, int minor) {
        String[] parts = version.split("\\.", 3);
        try {
            int itsMajor = Integer.parseInt(parts[0]);
            return itsMajor > major || (itsMajor == major && Integer.parseInt(parts[1]) >= minor);
        } catch (RuntimeException e) {
            return false; // a version that nobody can read counts as an old one: it promises less
        }
    }
}
