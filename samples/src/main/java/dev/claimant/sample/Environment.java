package dev.claimant.sample;

import dev.claimant.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads settings from environment variables and collects what is wrong with them. One that is empty counts as not set. */
final class Environment {

    private static final String OWN = "CLAIMANT_";

    private final Map<String, String> variables;
    private final Set<String> known = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    @Nullable String text(String name) {
        known.add(name);
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    String textOr(String name, String otherwise) {
        String value = text(name);
        return value == null ? otherwise : value;
    }

    String required(String name, String meaning) {
        String value = text(name);
        if (value == null) {
            problem(name, "not set", "must be " + meaning);
            return "";
        }
        return value;
    }

    String oneOf(String name, List<String> choices) {
        String value = required(name, "one of " + String.join(", ", choices));
        if (!value.isEmpty() && !choices.contains(value)) {
            problem(name, value, "must be one of " + String.join(", ", choices));
        }
        return value;
    }

    int number(String name, int least, int most, int otherwise) {
        return (int) numberIn(name, least, most, otherwise);
    }

    @Nullable Integer numberIfSet(String name, int least, int most) {
        return text(name) == null ? null : (int) numberIn(name, least, most, least);
    }

    Duration seconds(String name, long least, long most, Duration otherwise) {
        return text(name) == null ? otherwise : Duration.ofSeconds(numberIn(name, least, most, least));
    }

    @Nullable Duration secondsIfSet(String name, long least, long most) {
        return text(name) == null ? null : Duration.ofSeconds(numberIn(name, least, most, least));
    }

    private long numberIn(String name, long least, long most, long otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        problem(name, value, "must be a whole number from " + least + " to " + most);
        return otherwise;
    }

    private void problem(String name, String value, String rule) {
        problems.add(name + ": " + value + ": " + rule);
    }

    /**
     * Ends the reading: a variable of ours that nobody asked for is a typing error.
     *
     * @throws ConfigurationException with all problems found
     */
    void check() {
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith(OWN) && !known.contains(name)) {
                problem(name, value, "is not a setting; these are: " + String.join(", ", ownSettings()));
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private Set<String> ownSettings() {
        Set<String> own = new TreeSet<>(known);
        own.removeIf(name -> !name.startsWith(OWN));
        return own;
    }
}
