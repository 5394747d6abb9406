package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be known before the first claim: by the administration API where it may be asked, and by looking at the entity over AMQP. */
final class StartupCheck {

    private static final Logger LOG = LoggerFactory.getLogger(StartupCheck.class);

    private final ServiceBusConfig config;
    private final ManagementClient management;
    private final Connections connections;
    private final List<String> problems = new ArrayList<>();

    StartupCheck(ServiceBusConfig config, ManagementClient management, Connections connections) {
        this.config = config;
        this.management = management;
        this.connections = connections;
    }

    /**
     * Returns how long a lock is.
     *
     * @throws ConfigurationException with every problem found
     * @throws SourceException if Service Bus cannot be reached
     */
    Duration check(Plan plan, ServiceBusReceiverAsyncClient receiver) {
        boolean isThere = checkAccess(receiver);
        EntityFacts facts = isThere && config.administration ? facts() : null;
        if (facts != null) {
            check(facts, plan);
        } else if (isThere) {
            String sessions = new SessionProbe(config, connections).problem();
            if (sessions != null) {
                addSessions(sessions);
            }
            if (config.lockLength == null) {
                problems.add("lockLength: must be set, since the administration API does not say how long '"
                        + config.entity + "' locks a message");
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return config.lockLength != null || facts == null
                ? java.util.Objects.requireNonNull(config.lockLength)
                : facts.lockDuration();
    }

    private void addSessions(String problem) {
        problems.add("'" + config.entity + "': " + problem);
    }

    private boolean checkAccess(ServiceBusReceiverAsyncClient receiver) {
        try {
            Answers.await(receiver.peekMessage(), "looking", config.entity, config.requestTimeout);
            return true;
        } catch (SourceException e) {
            Throwable cause = e.getCause();
            if (cause == null || !ServiceBusErrors.isRefusal(cause)) {
                throw e;
            }
            String setting = ServiceBusErrors.isMissing(cause)
                    ? config.entity.subscription() == null ? "queue" : "subscription"
                    : config.credential == null ? "connectionString" : "identity";
            problems.add(setting + ": '" + config.entity + "': " + ServiceBusErrors.describe(cause));
            return false;
        }
    }

    private @Nullable EntityFacts facts() {
        try {
            return management.read();
        } catch (ManagementClient.DeniedException e) {
            LOG.warn("{}; it starts unchecked, and has no backlog to tell", e.getMessage());
            return null;
        }
    }

    private void check(EntityFacts facts, Plan plan) {
        if (facts.requiresSession() != config.sessions) {
            addSessions(config.sessions ? ServiceBusErrors.NO_SESSIONS : ServiceBusErrors.ONLY_SESSIONS);
        }
        if (facts.forwardTo() != null && !facts.forwardTo().isEmpty()) {
            problems.add("forwardTo: '" + config.entity + "' forwards its messages to '" + facts.forwardTo()
                    + "': claim from there");
        }
        if (config.lockLength != null && config.lockLength.compareTo(facts.lockDuration()) > 0) {
            problems.add("lockLength: " + config.lockLength + " is more than the lock duration of '" + config.entity
                    + "', " + facts.lockDuration());
        }
        if (facts.maxDeliveryCount() <= plan.maxCounted()) {
            String count = "maxDeliveryCount: '" + config.entity + "' gives a message up after "
                    + facts.maxDeliveryCount() + " deliveries, and the worker ";
            problems.add(
                    plan.maxAttempts() == Integer.MAX_VALUE
                            ? count + "never: set retry.maxAttempts"
                            : count + "after " + plan.maxAttempts() + " attempts and "
                                    + (plan.maxCounted() - plan.maxAttempts()) + " that releases may burn: set it to "
                                    + (plan.maxCounted() + 1) + " or more, or retry.maxAttempts lower");
        }
    }
}
