package dev.claimant.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.spi.Plan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every queue before the first claim, and collects every problem. What a queue is shows through the management API; without it by
 * declaring the queue once more, which changes nothing where it is as it should be and needs the right to configure it. What cannot be seen
 * is logged and not relied upon.
 */
final class StartupCheck {

    private static final Logger LOG = LoggerFactory.getLogger(StartupCheck.class);

    /**
     * What was found.
     *
     * @param consumerTimeout after how long the broker takes an unsettled message back; zero for never
     * @param retriesReturn whether every retry queue is known to hand its messages back
     * @param mayVanish whether the queue may be one that the broker deletes with its last consumer
     * @param deadLettersByBroker whether the broker keeps what is rejected
     */
    record Report(
            Broker broker,
            Duration consumerTimeout,
            boolean retriesReturn,
            boolean mayVanish,
            boolean deadLettersByBroker) {}

    private final RabbitMqConfig config;
    private final QueueProbe probe;
    private final Broker broker;
    private final @Nullable ManagementClient management;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** What nobody could look at, a phrase for each. */
    private final List<String> unseen = new ArrayList<>();

    private boolean retriesReturn = true;
    private boolean mayVanish;
    private boolean deadLettersByBroker;

    StartupCheck(
            RabbitMqConfig config, Connection connection, QueueProbe probe, @Nullable ManagementClient management) {
        this.config = config;
        this.probe = probe;
        this.management = management;
        broker = Broker.of(connection, config);
    }

    /**
     * Looks at all of them.
     *
     * @throws ConfigurationException with every problem
     */
    Report run(Plan plan) throws IOException {
        QueueInspection seen = new QueueInspection(config, broker, null);
        if (management == null && probe.areAsDeclared(Topology.queues(config))) {
            deadLettersByBroker = config.deadLetterQueue != null;
        } else {
            seen = lookAtEach(seen);
        }
        problems.addAll(seen.problems(plan.handlerTimeout(), broker.lastAttempt(plan)));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        tell();
        return new Report(broker, seen.consumerTimeout(), retriesReturn, mayVanish, deadLettersByBroker);
    }

    private QueueInspection lookAtEach(QueueInspection nothing) throws IOException {
        problems.addAll(Topology.problems(probe, config, Topology.names(config)));
        if (!problems.isEmpty()) {
            return nothing;
        }
        QueueDescription main = described(config.queue);
        if (main == null) {
            declareAgain();
        } else {
            compare(main);
        }
        return new QueueInspection(config, broker, main);
    }

    private void tell() {
        for (String warning : warnings) {
            LOG.warn("{}", warning);
        }
        if (!retriesReturn && config.trustsRetryQueues) {
            retriesReturn = true;
            unseen.add("whether the retry queues hand messages back (trusted)");
        } else if (!retriesReturn) {
            unseen.add(
                    "whether the retry queues hand messages back: the worker holds messages during retry delays instead");
        }
        if (!unseen.isEmpty()) {
            LOG.warn(
                    "'{}': not checked: {}; to have it checked set management(), or give the worker the right to configure these queues",
                    config.queue,
                    String.join("; ", unseen));
        }
    }

    // ---- through the management API

    private @Nullable QueueDescription described(String name) {
        if (management == null) {
            return null;
        }
        try {
            return management.description(name);
        } catch (SourceException e) {
            if (management.refused(e)) {
                throw e;
            }
            LOG.warn("{}; the start goes on without the management API", e.getMessage());
            return null;
        }
    }

    private void compare(QueueDescription main) {
        QueueRules.vanishing(problems, config.queue, main);
        deadLettersByBroker = main.text("dead-letter-exchange") != null;
        for (String name : Topology.retryQueues(config)) {
            QueueDescription seen = described(name);
            if (seen == null) {
                retriesReturn = false;
            } else {
                QueueRules.retryQueue(problems, config, name, seen);
            }
        }
        String dead = config.deadLetterQueue;
        QueueDescription seen = dead == null ? null : described(dead);
        if (dead != null && seen != null) {
            QueueRules.deadLetterQueue(problems, warnings, dead, seen);
        }
    }

    // ---- by declaring once more

    private void declareAgain() throws IOException {
        Map<String, Map<String, Object>> queues = Topology.queues(config);
        mayVanish = true;
        Difference main = difference(only(queues, config.queue));
        if (main.isUnknown()) {
            unseen.add("the kind of '" + config.queue + "', and whether it is deleted with its last consumer");
            if (broker.limitsDeliveries()) {
                unseen.add("whether it keeps a message that this broker gives up after some deliveries");
            }
        } else {
            mayVanish = false;
            deadLettersByBroker = main.isNone() && config.deadLetterQueue != null;
            tellOf(config.queue, main);
        }
        String dead = config.deadLetterQueue;
        if (dead != null) {
            tellOf(dead, difference(only(queues, dead)));
        }
        queues.keySet().retainAll(Topology.retryQueues(config));
        compareRetryQueues(queues);
    }

    private static Map<String, Map<String, Object>> only(Map<String, Map<String, Object>> queues, String name) {
        return Map.of(name, Objects.requireNonNull(queues.get(name)));
    }

    private void compareRetryQueues(Map<String, Map<String, Object>> queues) throws IOException {
        if (queues.isEmpty()) {
            return;
        }
        Difference any = difference(queues);
        retriesReturn = any.isNone();
        if (any.isNone() || any.isUnknown()) {
            return;
        }
        for (Map.Entry<String, Map<String, Object>> queue : queues.entrySet()) {
            Difference one = difference(Map.of(queue.getKey(), queue.getValue()));
            if (!one.isNone() && !one.isUnknown()) {
                problems.add("queue: '" + queue.getKey()
                        + "' is not as a retry queue must be, and what is sent there may be lost: " + one.reply());
            }
        }
    }

    /** Of a queue that has further arguments only what endangers it is a problem. */
    private void tellOf(String name, Difference seen) {
        String what = seen.argument();
        if (name.equals(config.deadLetterQueue) && what.equals("x-delivery-limit")) {
            QueueRules.forgettingWhatIsLookedAt(warnings, broker, name);
        } else if (List.of("auto_delete", "durable", "exclusive", "x-queue-type", "x-expires")
                .contains(what)) {
            problems.add("queue: '" + name + "' cannot be used: " + seen.reply());
        } else if (!what.isEmpty()) {
            unseen.add("all arguments of '" + name + "' (" + seen.reply() + ")");
        }
    }

    /**
     * How the queues differ from what they should be.
     *
     * @param reply the broker's words; empty if they do not
     */
    private record Difference(boolean isUnknown, String reply) {

        boolean isNone() {
            return !isUnknown && reply.isEmpty();
        }

        /** The first argument that differs; empty if none does. */
        String argument() {
            String[] parts = reply.split("'", 3);
            return isUnknown || parts.length < 3 ? "" : parts[1];
        }
    }

    private Difference difference(Map<String, Map<String, Object>> queues) throws IOException {
        try {
            probe.declareAgain(queues);
            return new Difference(false, "");
        } catch (IOException | ShutdownSignalException e) {
            if (!RabbitMqErrors.isRefused(e)) {
                throw e;
            }
            return new Difference(RabbitMqErrors.isDenied(e), RabbitMqErrors.describe(e));
        }
    }
}
