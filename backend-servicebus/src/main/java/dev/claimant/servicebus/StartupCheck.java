package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be known before the first claim. The administration API is asked only for the length of a lock, which nothing else tells; what else
 * it says is checked then, too. Where the settings have the length, nobody needs to reach it.
 */
final class StartupCheck {

    private static final Logger LOG = LoggerFactory.getLogger(StartupCheck.class);

    /** How long Service Bus may take to refuse a link that it was asked for before a question that it has answered. */
    private static final Duration REFUSAL = Duration.ofMillis(100);

    private final ServiceBusConfig config;
    private final ManagementClient management;
    private final ServiceBusReceiverAsyncClient looker;
    private final @Nullable Publisher publisher;
    private final List<String> problems = new ArrayList<>();

    StartupCheck(
            ServiceBusConfig config,
            ManagementClient management,
            ServiceBusReceiverAsyncClient looker,
            @Nullable Publisher publisher) {
        this.config = config;
        this.management = management;
        this.looker = looker;
        this.publisher = publisher;
    }

    /**
     * Returns how long a lock is, as the administration API says.
     *
     * @throws ConfigurationException with every problem found
     * @throws SourceException if Service Bus cannot be reached
     */
    Duration byAdministration(Plan plan) {
        EntityFacts facts = canLook() ? facts() : null;
        if (facts != null) {
            check(facts, plan);
        }
        throwProblems();
        return Objects.requireNonNull(facts).lockDuration();
    }

    /**
     * Without the administration API: opens the link and hears whether it is refused. A refusal that is late is told by the first claim.
     *
     * @throws ConfigurationException with every problem found
     * @throws SourceException if Service Bus cannot be reached
     */
    void byLink(Plan plan, Claiming claiming) {
        claiming.open();
        Throwable refusal = canLook() ? claiming.refusal(REFUSAL) : null;
        if (refusal != null) {
            String sessions = ServiceBusErrors.sessionProblem(refusal);
            problems.add(
                    sessions == null
                            ? setting(refusal) + ": '" + config.entity + "': " + ServiceBusErrors.describe(refusal)
                            : sessions(sessions));
        }
        throwProblems();
        LOG.info(
                "lockLength is set, so the administration API was not asked about '{}'. Not checked: that its LockDuration is not less than {},"
                        + " that its MaxDeliveryCount is more than {}, and that it forwards no messages",
                config.entity,
                config.lockLength,
                plan.maxCounted());
    }

    private void throwProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private String sessions(String problem) {
        return "sessions: '" + config.entity + "': " + problem;
    }

    private String setting(Throwable refusal) {
        if (ServiceBusErrors.isMissing(refusal)) {
            return config.entity.subscription() == null ? "queue" : "subscription";
        }
        return config.credential == null ? "connectionString" : "identity";
    }

    private boolean canLook() {
        try {
            Answers.await(looker.peekMessage(), "looking", config.entity, config.requestTimeout);
            if (publisher != null) {
                publisher.check(problems);
            }
            return true;
        } catch (SourceException e) {
            Throwable cause = e.getCause();
            if (cause instanceof TimeoutException) {
                throw new SourceException(
                        e.getMessage() + ", at " + config.host() + (config.webSockets ? ", port 443" : "")
                                + ": is that the namespace, and does the network let this through?",
                        cause);
            }
            if (cause == null || !ServiceBusErrors.isRefusal(cause)) {
                throw e;
            }
            problems.add(setting(cause) + ": '" + config.entity + "': " + ServiceBusErrors.describe(cause));
            return false;
        }
    }

    private @Nullable EntityFacts facts() {
        String why = "it does not know '" + config.entity + "'";
        try {
            EntityFacts facts = management.read();
            if (facts != null) {
                return facts;
            }
        } catch (ManagementClient.DeniedException e) {
            why = e.getMessage();
        } catch (SourceException e) {
            throw new SourceException(e.getMessage() + "; where lockLength is set, it is not asked", e);
        }
        problems.add("lockLength: must be set, since the administration API does not tell how long a lock is: " + why);
        return null;
    }

    private void check(EntityFacts facts, Plan plan) {
        if (facts.isPartitioned()) {
            LOG.warn(
                    "'{}' is partitioned: each partition numbers and hands out its messages by itself, and nobody has tried this library on one;"
                            + " the worker goes on",
                    config.entity);
        }
        if (facts.requiresSession() != config.sessions) {
            problems.add(sessions(config.sessions ? ServiceBusErrors.NO_SESSIONS : ServiceBusErrors.ONLY_SESSIONS));
        }
        if (facts.forwardTo() != null && !facts.forwardTo().isEmpty()) {
            problems.add("forwardTo: '" + config.entity + "' forwards its messages to '" + facts.forwardTo()
                    + "': claim from there");
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
