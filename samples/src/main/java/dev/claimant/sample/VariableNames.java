package dev.claimant.sample;

import dev.claimant.ConfigurationException;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.ForwardingSource;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which variable each setting of the library comes from. A problem begins with its settings and may name others; the sample's users know only
 * the variables.
 */
final class VariableNames {

    private static final Map<String, String> OF_EVERY_WORKER = Map.of(
            "slots", "CLAIMANT_SLOTS",
            "prefetch", "CLAIMANT_PREFETCH",
            "retry.maxAttempts", "CLAIMANT_MAX_ATTEMPTS",
            "retry.firstDelay", "CLAIMANT_RETRY_DELAY_SECONDS",
            "handlerTimeout", "CLAIMANT_HANDLER_TIMEOUT_SECONDS",
            "reservation", "CLAIMANT_RESERVATION_SECONDS",
            "drainTimeout", "CLAIMANT_DRAIN_TIMEOUT_SECONDS",
            "flushTimeout", "CLAIMANT_FLUSH_TIMEOUT_SECONDS",
            "managementPort", "CLAIMANT_MANAGEMENT_PORT");

    /** A word that nothing but a setting can be: names of one small word stand for the thing itself in most sentences. */
    private static final Pattern UNMISTAKABLE = Pattern.compile("\\b[a-z]+(\\.[a-z]+)?[A-Z][A-Za-z]+\\b");

    private final Map<String, String> bySetting = new HashMap<>(OF_EVERY_WORKER);

    /** Those of a source, besides those of every worker. */
    VariableNames(Map<String, String> ofTheSource) {
        bySetting.putAll(ofTheSource);
    }

    /** Puts problems into the environment's list. */
    void tell(Environment env, ConfigurationException failure) {
        for (String problem : failure.problems()) {
            String[] variablesAndRest = of(problem).split(": ", 2);
            env.problem(variablesAndRest[0], variablesAndRest[1]);
        }
    }

    ConfigurationException of(ConfigurationException failure) {
        return new ConfigurationException(
                failure.problems().stream().map(this::of).toList());
    }

    private String of(String problem) {
        String[] settingsAndRest = problem.split(": ", 2);
        String variables = Arrays.stream(settingsAndRest[0].split(", ", -1))
                .map(this::variable)
                .collect(Collectors.joining(", "));
        return settingsAndRest.length == 1
                ? problem
                : variables + ": "
                        + UNMISTAKABLE.matcher(settingsAndRest[1]).replaceAll(found -> variable(found.group()));
    }

    private String variable(String setting) {
        String[] nameAndOf = setting.split(" ", 2); // "retryTopic hello.retry.1m"
        String known = bySetting.get(nameAndOf[0]);
        return known == null ? setting : nameAndOf.length == 1 ? known : known + " " + nameAndOf[1];
    }

    /** The source, whose problems at the start name variables. */
    Source on(Source source) {
        return new ForwardingSource(source) {
            @Override
            public Capabilities open(Plan plan, Events events) {
                try {
                    return super.open(plan, events);
                } catch (ConfigurationException e) {
                    throw of(e);
                }
            }
        };
    }
}
