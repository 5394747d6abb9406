package dev.claimant.rabbitmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the management API shows of a queue, compared with the settings: which kind it is, whether a limit would drop messages, how long
 * it lets them be unsettled. A policy is shown some seconds after it was set.
 *
 * @param queue the API's description; absent without the API
 * @see <a href="https://github.com/rabbitmq/rabbitmq-server/blob/main/consumer_timeouts.md">Consumer timeouts</a>
 */
record QueueInspection(
        RabbitMqConfig config, Broker broker, @Nullable QueueDescription queue) {

    private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(30);

    /**
     * What does not fit, a sentence for each.
     *
     * @param handlerTimeout none where handlers may take for ever
     * @param lastAttempt after this attempt the worker gives a message up
     */
    List<String> problems(@Nullable Duration handlerTimeout, int lastAttempt) {
        List<String> problems = new ArrayList<>();
        if (queue != null) {
            compareKind(problems, queue);
            compareLimit(problems, queue, lastAttempt);
        }
        compareTimeouts(problems, handlerTimeout);
        return problems;
    }

    private void compareKind(List<String> problems, QueueDescription queue) {
        if (!queue.type().equals(config.quorum ? "quorum" : "classic")) {
            problems.add("classic: the queue '" + config.queue + "' is "
                    + "a " + queue.type() + " queue, and classic() was "
                    + (config.quorum ? "not called" : "called"));
        }
        boolean oneByOne = queue.isSet("x-single-active-consumer");
        if (oneByOne != config.inOrder) {
            problems.add("inOrder: the queue '" + config.queue + "' has " + (oneByOne ? "a" : "no")
                    + " single active consumer, and inOrder() was " + (config.inOrder ? "called" : "not called"));
        }
    }

    private void compareLimit(List<String> problems, QueueDescription queue, int lastAttempt) {
        Long limit = queue.number("delivery-limit");
        boolean limited = limit == null ? broker.limitsDeliveries() : limit >= 0;
        if (config.inOrder && !limited) {
            problems.add("inOrder: the queue '" + config.queue
                    + "' has no delivery limit, and puts what comes back at its end; give it a large one");
        }
        if (queue.isQuorum() && limited && queue.text("dead-letter-exchange") == null) {
            problems.add("queue: '" + config.queue
                    + "' drops messages that reach its delivery limit; give it a dead-letter exchange,"
                    + " or a delivery limit of -1");
        }
        long returns = limit == null ? Broker.USUAL_LIMIT : limit;
        if (queue.isQuorum() && limited && returns + 1 < Math.min(lastAttempt, Topology.MANY)) {
            boolean never = lastAttempt == Integer.MAX_VALUE;
            problems.add("queue: '" + config.queue + "' has a delivery limit of " + returns
                    + (limit == null ? ", this broker's default," : "") + " and gives a message up after "
                    + (returns + 1) + " deliveries, but the worker "
                    + (never
                            ? "never does"
                            : "only after " + lastAttempt + " attempts, those that releases may burn included")
                    + ": set the delivery limit to " + (never ? "-1" : (lastAttempt - 1) + " or more")
                    + ", or retry.maxAttempts lower");
        }
    }

    private void compareTimeouts(List<String> problems, @Nullable Duration handlerTimeout) {
        Duration said = config.consumerTimeout;
        Duration its = itsTimeout();
        if (its != null && its.compareTo(Checks.LEAST_CONSUMER_TIMEOUT) < 0) {
            problems.add("queue: '" + config.queue + "' takes messages back after " + its
                    + "; give it a consumer timeout of " + Checks.LEAST_CONSUMER_TIMEOUT + " at least");
        } else if (said != null && its != null && (said.isZero() || said.compareTo(its) > 0)) {
            problems.add(
                    "consumerTimeout: " + (said.isZero() ? "none" : said) + " is longer than the " + its
                            + " that the queue '" + config.queue
                            + "' has by its argument x-consumer-timeout or a policy's consumer-timeout; raise it there, or say no more here");
        }
        Duration timeout = consumerTimeout();
        if (handlerTimeout != null && !timeout.isZero() && handlerTimeout.compareTo(timeout) >= 0) {
            problems.add("consumerTimeout: " + timeout + (said == null ? ", of the broker," : "")
                    + " is not longer than the handler time-out of " + handlerTimeout);
        }
    }

    /** After how long the broker takes an unsettled message back, as far as that is known; zero for never. */
    Duration consumerTimeout() {
        Duration said = config.consumerTimeout;
        if (said != null) {
            return said;
        }
        Duration its = itsTimeout();
        return its != null ? its : broker.hasConsumerTimeout() ? USUAL_TIMEOUT : Duration.ZERO;
    }

    /** Of argument and policy the shorter counts; without either it is the broker's own, which nothing shows. */
    private @Nullable Duration itsTimeout() {
        Long millis = queue == null || !broker.hasTimeoutsOfQueues() ? null : queue.number("consumer-timeout");
        return millis == null ? null : Duration.ofMillis(millis);
    }
}
